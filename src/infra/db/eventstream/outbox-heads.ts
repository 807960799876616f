import type { Sql } from '../sql.ts';
import type { RawDate, SqlParam } from '../values.ts';

interface Query {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

export interface FollowerRow {
  readonly head: string;
  readonly id: string;
  readonly status: string;
  readonly available_at: RawDate;
  readonly lease_until: RawDate | null;
}

/** Due entries that are looked at for one head, at first. */
const WINDOW = 10;

/**
 * The oldest due entries that have no older unpublished one in their aggregate. Only the first `window` due entries
 * are looked at, along `idx_outbox_due`; the number of published ones does not matter.
 */
export const headsQuery = (now: Date, limit: number, window: number): Query => ({
  text: `SELECT o.id FROM (
      SELECT id, aggregate_type, aggregate_id, sequence, available_at FROM outbox
      WHERE status = 'pending' AND available_at <= ? AND (lease_until IS NULL OR lease_until <= ?)
      ORDER BY available_at, id LIMIT ?) o
    WHERE NOT EXISTS (SELECT 1 FROM outbox p WHERE p.aggregate_type = o.aggregate_type AND p.aggregate_id = o.aggregate_id
      AND p.status IN ('pending', 'dead') AND p.sequence < o.sequence)
    ORDER BY o.available_at, o.id LIMIT ?`,
  params: [now, now, window, limit],
});

/** Ids of heads that nobody holds. A backlog that stands behind blocked heads is read to its end only when it must be. */
export async function dueHeads(sql: Sql, now: Date, limit: number): Promise<string[]> {
  for (let window = WINDOW * limit; ; window *= WINDOW) {
    const { text, params } = headsQuery(now, limit, window);
    const heads = await sql.query<{ id: string }>(text, params);
    if (heads.length > 0 || !(await reaches(sql, now, window))) return heads.map((head) => head.id);
  }
}

/** Whether there are due entries beyond the window. */
async function reaches(sql: Sql, now: Date, window: number): Promise<boolean> {
  const beyond = await sql.query<{ id: string }>(
    `SELECT id FROM outbox WHERE status = 'pending' AND available_at <= ? AND (lease_until IS NULL OR lease_until <= ?)
     ORDER BY available_at, id LIMIT 1 OFFSET ?`,
    [now, now, window],
  );
  return beyond.length > 0;
}

/** The entries behind each head that `owner` leases, at most `each`, in order. */
export const followersQuery = (owner: string, each: number): Query => ({
  text: `SELECT h.id AS head, f.id, f.status, f.available_at, f.lease_until
    FROM outbox h JOIN outbox f ON f.aggregate_type = h.aggregate_type AND f.aggregate_id = h.aggregate_id
      AND f.status IN ('pending', 'dead') AND f.sequence > h.sequence AND f.sequence <= h.sequence + ?
    WHERE h.lease_owner = ? AND h.status = 'pending'
    ORDER BY f.aggregate_type, f.aggregate_id, f.sequence`,
  params: [each, owner],
});
