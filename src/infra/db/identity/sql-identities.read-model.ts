import type { IdentitiesReadModel } from '../../../domain/identity/identities.read-model.ts';
import type { IdentityStatus, ImporterIdentity } from '../../../domain/identity/importer-identity.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import type { SqlParam } from '../values.ts';
import { selectIdentities } from './identity-rows.ts';

const SORT = 'identities-oldest';

export class SqlIdentitiesReadModel implements IdentitiesReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  listOf(userId: string): Promise<readonly ImporterIdentity[]> {
    return selectIdentities(this.#sql, 'WHERE user_id = ? ORDER BY created_at DESC, id DESC', [userId]);
  }

  async find(userId: string, id: string): Promise<ImporterIdentity | undefined> {
    return (await selectIdentities(this.#sql, 'WHERE user_id = ? AND id = ?', [userId, id]))[0];
  }

  async listForStaff(status: IdentityStatus, page: PageRequest): Promise<Page<ImporterIdentity>> {
    const params: SqlParam[] = [status];
    let after = '';
    if (page.cursor !== undefined) {
      const [at, id] = decodeCursor(page.cursor, SORT, 2);
      const date = new Date(Number(at));
      after = ' AND created_at >= ? AND (created_at > ? OR id > ?)';
      params.push(date, date, id);
    }
    const rows = await selectIdentities(
      this.#sql,
      `WHERE status = ?${after} ORDER BY created_at, id LIMIT ${page.limit + 1}`,
      params,
    );
    return toPage(rows, page.limit, (row) => encodeCursor(SORT, [row.createdAt.getTime(), row.id]));
  }
}
