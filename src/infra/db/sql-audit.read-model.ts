import type { AuditReadModel, AuditRecord } from '../../domain/audit/audit.ts';
import { decodeCursor, encodeCursor, type Page, type PageRequest, toPage } from '../../domain/shared/page.ts';
import type { Sql } from './sql.ts';
import { type RawDate, type RawJson, toDate, toJson } from './values.ts';

interface AuditRow {
  id: string;
  at: RawDate;
  actor: string;
  action: string;
  subject: string;
  details: RawJson | null;
}

const SORT = 'audit';

/** Ids grow with time: their order is that of the entries. */
export class SqlAuditReadModel implements AuditReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async page({ limit, cursor }: PageRequest): Promise<Page<AuditRecord>> {
    const after = cursor === undefined ? [] : decodeCursor(cursor, SORT, 1);
    const rows = await this.#sql.query<AuditRow>(
      `SELECT id, at, actor, action, subject, details FROM audit_log ${after.length === 0 ? '' : 'WHERE id < ?'} ORDER BY id DESC LIMIT ?`,
      [...after, limit + 1],
    );
    return toPage(rows.map(toRecord), limit, (record) => encodeCursor(SORT, [record.id]));
  }
}

const toRecord = ({ id, at, actor, action, subject, details }: AuditRow): AuditRecord => ({
  id,
  at: toDate(at),
  actor,
  action,
  subject,
  ...(details === null ? {} : { details: toJson(details) as Readonly<Record<string, unknown>> }),
});
