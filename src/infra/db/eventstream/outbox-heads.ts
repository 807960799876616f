import { TOPICS } from '../../../domain/shared/event.ts';
import type { Sql } from '../sql.ts';
import { type RawBoolean, type RawDate, type SqlParam, toBool, toDate } from '../values.ts';

interface Query {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

/** Where an entry stands. */
export interface Place {
  readonly id: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly sequence: number;
}

interface WaitingRow extends Place {
  readonly topic: string;
  readonly available_at: RawDate;
  readonly lease_until: RawDate | null;
}

interface HeadRow extends WaitingRow {
  /** Behind a dead letter of its aggregate. */
  readonly behind_dead: RawBoolean;
}

interface FollowerRow extends WaitingRow {
  readonly status: string;
}

/** Aggregates that are looked at in one query: few at first, for most have a head that is free. */
const FIRST_PAGE = 10;
const LAST_PAGE = 5000;
/** Whose followers are asked for in one query: SQLite takes an expression of at most 1,000 terms. */
const MOST_HEADS = 200;

/**
 * The oldest waiting entry of each aggregate after `after`, with what may keep it back. One range of
 * `idx_outbox_head`: of what was published nothing is read, of what waits behind a head at most its index entries.
 */
export const headsQuery = (after: string, page: number): Query => ({
  text: `SELECT o.id, o.aggregate_type, o.aggregate_id, o.sequence, o.topic, o.available_at, o.lease_until,
      EXISTS (SELECT 1 FROM outbox d WHERE d.status = 'dead' AND d.aggregate_id = o.aggregate_id
        AND d.aggregate_type = o.aggregate_type AND d.sequence < o.sequence) AS behind_dead
    FROM (SELECT aggregate_id, aggregate_type, MIN(sequence) AS sequence FROM outbox
      WHERE status = 'pending' AND aggregate_id > ?
      GROUP BY aggregate_id, aggregate_type ORDER BY aggregate_id, aggregate_type LIMIT ?) h
    JOIN outbox o ON o.aggregate_type = h.aggregate_type AND o.aggregate_id = h.aggregate_id AND o.sequence = h.sequence
    ORDER BY o.aggregate_id, o.aggregate_type`,
  params: [after, page],
});

/**
 * Heads that may be published now and that nobody holds: of the aggregates after `after`, then of those from the
 * first on. So every aggregate has its turn, however much waits in others.
 */
export async function dueHeads(sql: Sql, now: Date, limit: number, after = ''): Promise<Place[]> {
  const found: Place[] = [];
  for await (const head of heads(sql, after, Math.max(FIRST_PAGE, limit))) {
    if (isFree(head, now) && !toBool(head.behind_dead)) found.push(head);
    if (found.length === limit) break;
  }
  return found;
}

/** Each aggregate's once, round from `after`. */
async function* heads(sql: Sql, after: string, first: number): AsyncGenerator<HeadRow> {
  yield* headsAfter(sql, after, first);
  if (after === '') return;
  for await (const head of headsAfter(sql, '', first)) {
    if (head.aggregate_id > after) return;
    yield head;
  }
}

async function* headsAfter(sql: Sql, after: string, first: number): AsyncGenerator<HeadRow> {
  for (let [last, page] = [after, first]; ; page = Math.min(LAST_PAGE, 4 * page)) {
    const { text, params } = headsQuery(last, page);
    const rows = await sql.query<HeadRow>(text, params);
    yield* rows;
    if (rows.length < page) return;
    last = rows.at(-1)?.aggregate_id ?? last;
  }
}

/** The unpublished entries behind each head, at most `each`, in order. */
export const followersQuery = (heads: readonly Place[], each: number): Query => ({
  text: `SELECT id, aggregate_type, aggregate_id, sequence, topic, status, available_at, lease_until FROM outbox
    WHERE ${heads.map(() => '(aggregate_type = ? AND aggregate_id = ? AND sequence > ? AND sequence <= ?)').join(' OR ')}
    ORDER BY aggregate_type, aggregate_id, sequence`,
  params: heads.flatMap((h) => [h.aggregate_type, h.aggregate_id, h.sequence, h.sequence + each]),
});

/**
 * What directly follows the heads, at most `room`, as many of each as of the others. Only for who holds the heads:
 * nobody else may take these, for nobody else finds an older entry there.
 */
export async function freeFollowers(
  sql: Sql,
  now: Date,
  { heads, room }: { heads: readonly Place[]; room: number },
): Promise<Place[]> {
  if (room < 1 || heads.length === 0) return [];
  const asked = heads.slice(0, Math.min(room, MOST_HEADS));
  const { text, params } = followersQuery(asked, Math.ceil(room / asked.length));
  const lines = new Map<string, Place[]>();
  const blocked = new Set<string>();
  for (const row of await sql.query<FollowerRow>(text, params)) {
    const key = `${row.aggregate_type} ${row.aggregate_id}`;
    if (row.status === 'sent' || row.status === 'skipped') continue;
    if (row.status !== 'pending' || !isFree(row, now)) blocked.add(key);
    if (!blocked.has(key)) lines.set(key, [...(lines.get(key) ?? []), row]);
  }
  return nearest([...lines.values()], room);
}

/** The nearest followers first, so that what does not fit any more never stands before what is taken. */
function nearest(lines: readonly (readonly Place[])[], room: number): Place[] {
  return lines
    .flatMap((line) => line.map((entry, distance) => ({ entry, distance })))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, room)
    .map(({ entry }) => entry);
}

/** What a newer version appended to a topic of its own waits for a relay of that version. */
const isKnown = ({ topic }: WaitingRow): boolean => TOPICS.some((known) => known === topic);

const isFree = (row: WaitingRow, now: Date): boolean =>
  isKnown(row) &&
  toDate(row.available_at) <= now &&
  (row.lease_until === null || toDate(row.lease_until) <= now);
