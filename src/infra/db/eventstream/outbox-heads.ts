import type { Sql } from '../sql.ts';
import { type RawBoolean, type RawDate, type SqlParam, toBool, toDate } from '../values.ts';

interface Query {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

interface HeadRow {
  readonly aggregate_id: string;
  readonly id: string;
  readonly available_at: RawDate;
  readonly lease_until: RawDate | null;
  /** Behind a dead letter of its aggregate. */
  readonly behind_dead: RawBoolean;
}

interface FollowerRow {
  readonly head: string;
  readonly id: string;
  readonly distance: number;
  readonly status: string;
  readonly available_at: RawDate;
  readonly lease_until: RawDate | null;
}

interface Heads {
  readonly ids: readonly string[];
  /** The last aggregate that was looked at: where the next look goes on. */
  readonly last: string;
}

/** Aggregates that are looked at in one query: few at first, for most have a head that is free. */
const FIRST_PAGE = 10;
const LAST_PAGE = 5000;

/**
 * The oldest waiting entry of each aggregate after `after`, with what may keep it back. One range of
 * `idx_outbox_head`: neither what was published nor what waits behind blocked heads is read.
 */
export const headsQuery = (after: string, page: number): Query => ({
  text: `SELECT o.aggregate_id, o.id, o.available_at, o.lease_until,
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
export async function dueHeads(sql: Sql, now: Date, limit: number, after = ''): Promise<Heads> {
  const ids: string[] = [];
  let last = after;
  for await (const head of heads(sql, after, Math.max(FIRST_PAGE, limit))) {
    if (!isFree(head, now) || toBool(head.behind_dead)) continue;
    ids.push(head.id);
    last = head.aggregate_id;
    if (ids.length === limit) break;
  }
  return { ids, last };
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

/** The entries behind each head that `owner` leases, at most `each`, in order. */
export const followersQuery = (owner: string, each: number): Query => ({
  text: `SELECT h.id AS head, f.id, f.sequence - h.sequence AS distance, f.status, f.available_at, f.lease_until
    FROM outbox h JOIN outbox f ON f.aggregate_type = h.aggregate_type AND f.aggregate_id = h.aggregate_id
      AND f.status IN ('pending', 'dead') AND f.sequence > h.sequence AND f.sequence <= h.sequence + ?
    WHERE h.lease_owner = ? AND h.status = 'pending'
    ORDER BY f.aggregate_type, f.aggregate_id, f.sequence`,
  params: [each, owner],
});

/**
 * What directly follows the heads that `owner` leases, at most `room`, as many of each as of the others. Whoever
 * holds the head of an aggregate is the only one who may take them, for nobody else finds an older entry there.
 */
export async function freeFollowers(
  sql: Sql,
  now: Date,
  { owner, heads, room }: { owner: string; heads: number; room: number },
): Promise<string[]> {
  if (room < 1) return [];
  const { text, params } = followersQuery(owner, Math.ceil(room / heads));
  const blocked = new Set<string>();
  const free = (await sql.query<FollowerRow>(text, params)).filter((row) => {
    if (row.status !== 'pending' || !isFree(row, now)) blocked.add(row.head);
    return !blocked.has(row.head);
  });
  // The nearest first, so that what does not fit any more never stands before what is taken.
  return free
    .sort((a, b) => a.distance - b.distance)
    .slice(0, room)
    .map((row) => row.id);
}

const isFree = (row: Pick<HeadRow, 'available_at' | 'lease_until'>, now: Date): boolean =>
  toDate(row.available_at) <= now && (row.lease_until === null || toDate(row.lease_until) <= now);
