import type { EndedBefore } from '../../domain/jobs/job-runner.ts';
import { list } from '../db/sql.ts';
import type { SqlParam } from '../db/values.ts';
import type { JobEnd } from './job-ends.ts';
import { CANDIDATE_COLUMNS } from './sql-job-rows.ts';

export interface Query {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

/**
 * In the order of the index, what is due and nothing else: `turn` is the priority, negated, of what is due or runs;
 * what waits for later, or is over, has none.
 */
const FREE = 'turn >= -1000 AND next_run_at <= ? AND locked_at IS NULL AND disabled = ?';
const LOST = 'locked_at <= ? AND disabled = ?';
const WAITING = 'turn IS NULL AND next_run_at <= ?';
/** Looked at, or woken, at once. */
const MANY = 500;

/** What has waited for its time, and is due now. */
export const wakingQuery = (now: Date): Query => ({
  text: `SELECT id FROM jobs WHERE ${WAITING} LIMIT ${MANY}`,
  params: [now],
});

export const wakeStatement = (ids: readonly string[], now: Date): Query => ({
  text: `UPDATE jobs SET turn = -priority WHERE id IN (${list(ids.length)}) AND ${WAITING}`,
  params: [...ids, now],
});

/** One look at the index for each name, however many jobs wait. */
export function headsQuery(names: readonly string[], now: Date): Query {
  const head = `SELECT * FROM (SELECT name, turn FROM jobs WHERE name = ? AND ${FREE} ORDER BY name, turn, next_run_at LIMIT 1)`;
  return {
    text: names.map((_, i) => `${head} h${i}`).join(' UNION ALL '),
    params: names.flatMap((name) => [name, now, false]),
  };
}

/** In the order of the index, and not along one of names: with it SQLite reads all jobs by their name. */
export const lostNamesQuery = (names: readonly string[], deadline: Date): Query => ({
  text: `SELECT name FROM jobs WHERE ${LOST} AND COALESCE(name, '') IN (${list(names.length)}) ORDER BY locked_at LIMIT ${MANY}`,
  params: [deadline, false, ...names],
});

export const freeQuery = (name: string, now: Date, limit: number): Query => ({
  text: `SELECT ${CANDIDATE_COLUMNS} FROM jobs WHERE name = ? AND ${FREE} ORDER BY name, turn, next_run_at LIMIT ?`,
  params: [name, now, false, limit],
});

/** Not along an index of names, where all that was ever done under the name is. */
export const lostQuery = (name: string, deadline: Date, limit: number): Query => ({
  text: `SELECT ${CANDIDATE_COLUMNS} FROM jobs WHERE ${LOST} AND COALESCE(name, '') = ? ORDER BY locked_at LIMIT ?`,
  params: [deadline, false, name, limit],
});

/** Along the times of their ends, and not along an index that has what waits and what is over. */
const OLD = `last_finished_at < ? AND COALESCE(next_run_at, locked_at) IS NULL
  AND (fail_count = 0 OR disabled = ? OR last_finished_at < ?)`;

/** @param from of before it, nothing is left */
export const oldQuery = ({ all, dead }: EndedBefore, from: Date, limit: number): Query => ({
  text: `SELECT id, last_finished_at FROM jobs WHERE last_finished_at >= ? AND ${OLD} ORDER BY last_finished_at LIMIT ?`,
  params: [from, all, true, dead, limit],
});

/** One that was retried meanwhile is not old any more. */
export const purgeStatement = (ids: readonly string[], { all, dead }: EndedBefore): Query => ({
  text: `DELETE FROM jobs WHERE id IN (${list(ids.length)}) AND ${OLD}`,
  params: [...ids, all, true, dead],
});

/** Ends of tries that are held, in one statement; a value that all share is given once. */
export function endsStatement(ends: readonly JobEnd[]): Query {
  const params: SqlParam[] = [];
  const column = (name: string, pick: (end: JobEnd) => SqlParam): string => {
    const values = ends.map(pick);
    if (values.every((value) => value === values[0])) {
      params.push(values[0]);
      return `${name} = ?`;
    }
    for (const [i, { id }] of ends.entries()) params.push(id, values[i]);
    return `${name} = CASE id${' WHEN ? THEN ?'.repeat(ends.length)} END`;
  };
  const columns = [
    column('next_run_at', (end) => end.nextRunAt),
    column('last_run_at', (end) => end.startedAt),
    column('last_finished_at', (end) => end.finishedAt),
    column('failed_at', (end) => end.failedAt),
    column('fail_count', (end) => end.failCount),
    column('fail_reason', (end) => end.failReason),
    column('result', (end) => end.result),
    column('attempts', (end) => JSON.stringify(end.attempts)),
  ];
  return {
    text: `UPDATE jobs SET locked_at = NULL, lock_token = NULL, turn = NULL, ${columns.join(', ')} WHERE id IN (${list(ends.length)})`,
    params: [...params, ...ends.map(({ id }) => id)],
  };
}
