import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterReadModel,
  DeadLetterStatus,
  DeadLetterStore,
} from '../../../domain/eventstream/dead-letter.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Sql } from '../sql.ts';
import {
  type RawDate,
  type RawInteger,
  type RawJson,
  type SqlParam,
  toDate,
  toInt,
  toJson,
} from '../values.ts';

const SORT = 'dead-letters';

interface DeadLetterRow {
  id: string;
  consumer_group: string;
  topic: string;
  partition_number: number;
  position: string;
  event_id: string | null;
  event_type: string | null;
  message_key: string | null;
  headers: RawJson;
  value: RawJson;
  cause: string;
  status: DeadLetterStatus;
  created_at: RawDate;
}

const COLUMNS =
  'id, consumer_group, topic, partition_number, position, event_id, event_type, message_key, headers, value, cause, status, created_at';

export class SqlDeadLetterReadModel implements DeadLetterReadModel {
  protected readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  async page({ group, type, status }: DeadLetterFilter, request: PageRequest): Promise<Page<DeadLetter>> {
    const where = ['1 = 1'];
    const params: SqlParam[] = [];
    const when = (condition: string, value: SqlParam): void => {
      if (value === undefined) return;
      where.push(condition);
      params.push(value);
    };
    when('status = ?', status);
    when('consumer_group = ?', group);
    when('event_type = ?', type);
    when('id > ?', request.cursor === undefined ? undefined : decodeCursor(request.cursor, SORT, 1)[0]);
    const rows = await this.sql.query<DeadLetterRow>(
      `SELECT ${COLUMNS} FROM consumer_dead_letters WHERE ${where.join(' AND ')} ORDER BY id LIMIT ${request.limit + 1}`,
      params,
    );
    return toPage(rows.map(toDeadLetter), request.limit, ({ id }) => encodeCursor(SORT, [id]));
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const [row] = await this.sql.query<DeadLetterRow>(
      `SELECT ${COLUMNS} FROM consumer_dead_letters WHERE id = ?`,
      [id],
    );
    return row && toDeadLetter(row);
  }

  async dead(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.sql.query<{ consumer_group: string; n: RawInteger }>(
      "SELECT consumer_group, COUNT(*) AS n FROM consumer_dead_letters WHERE status = 'dead' GROUP BY consumer_group",
    );
    return new Map(rows.map((row) => [row.consumer_group, toInt(row.n)]));
  }
}

export class SqlDeadLetterStore extends SqlDeadLetterReadModel implements DeadLetterStore {
  async settle(id: string, status: Exclude<DeadLetterStatus, 'dead'>): Promise<boolean> {
    const { affected } = await this.sql.run(
      "UPDATE consumer_dead_letters SET status = ? WHERE id = ? AND status = 'dead'",
      [status, id],
    );
    return affected === 1;
  }
}

const toDeadLetter = (row: DeadLetterRow): DeadLetter => ({
  id: row.id,
  group: row.consumer_group,
  topic: row.topic,
  partition: row.partition_number,
  position: row.position,
  eventId: row.event_id ?? undefined,
  eventType: row.event_type ?? undefined,
  key: row.message_key ?? undefined,
  headers: toJson(row.headers) as Record<string, string>,
  value: textOf(row.value),
  cause: row.cause,
  status: row.status,
  createdAt: toDate(row.created_at),
});

/** Stored as a JSON string, which some drivers parse and others do not. */
function textOf(raw: RawJson): string {
  if (typeof raw !== 'string') return JSON.stringify(raw);
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : raw;
  } catch {
    return raw;
  }
}
