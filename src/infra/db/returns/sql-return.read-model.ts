import type { ReturnFilter, ReturnReadModel } from '../../../domain/returns/return.store.ts';
import type { OrderReturn } from '../../../domain/returns/return.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import type { SqlParam } from '../values.ts';
import { readReturns } from './return-reads.ts';

const SORT = 'returns.newest';

export class SqlReturnReadModel implements ReturnReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async find(id: string, ownerId: string | undefined): Promise<OrderReturn | undefined> {
    const owned = ownerId === undefined ? '' : ' AND o.user_id = ?';
    const params = ownerId === undefined ? [id] : [id, ownerId];
    const [found] = await readReturns(this.#sql, `WHERE r.id = ?${owned}`, params);
    return found;
  }

  async page({ status }: ReturnFilter, request: PageRequest): Promise<Page<OrderReturn>> {
    const parts: string[] = [];
    const params: SqlParam[] = [];
    if (status !== undefined) {
      parts.push('r.status = ?');
      params.push(status);
    }
    if (request.cursor !== undefined) {
      const [id] = decodeCursor(request.cursor, SORT, 1);
      parts.push('r.id < ?');
      params.push(String(id));
    }
    const where = parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`;
    const rows = await readReturns(this.#sql, `${where} ORDER BY r.id DESC LIMIT ?`, [
      ...params,
      request.limit + 1,
    ]);
    return toPage(rows, request.limit, (row) => encodeCursor(SORT, [row.id]));
  }
}
