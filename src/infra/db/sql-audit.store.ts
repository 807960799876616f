import type { AuditEntry, AuditStore } from '../../domain/audit/audit.ts';
import { newId } from '../../domain/shared/ids.ts';
import type { Sql } from './sql.ts';

export class SqlAuditStore implements AuditStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async append(entry: AuditEntry): Promise<void> {
    await this.#sql.run(
      'INSERT INTO audit_log (id, at, actor, action, subject, details) VALUES (?, ?, ?, ?, ?, ?)',
      [
        newId(),
        entry.at,
        entry.actor,
        entry.action,
        entry.subject,
        entry.details === undefined ? null : JSON.stringify(entry.details),
      ],
    );
  }
}
