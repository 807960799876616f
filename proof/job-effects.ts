import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { handlerOf, type JobHandler } from '../src/domain/jobs/job-runner.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { defineJob } from '../src/domain/shared/job.ts';
import { insertOrIgnore } from '../src/infra/db/insert-or-ignore.ts';
import type { Connections } from '../src/infra/db/sql.ts';
import { type RawInteger, toInt } from '../src/infra/db/values.ts';

/** A job with an effect that can be counted. */
export const Work = defineJob({
  name: 'proof.work',
  queue: 'default',
  summary: 'Writes down that it was done, once',
  data: z.strictObject({ number: z.int(), milliseconds: z.int() }),
});

/** Two tables of the proof's own: what was done, and every try of it. */
export async function createEffects(db: Connections): Promise<void> {
  await db.write(async (sql) => {
    await sql.run('CREATE TABLE proof_effects (number int NOT NULL PRIMARY KEY)');
    await sql.run(
      'CREATE TABLE proof_tries (id varchar(36) NOT NULL PRIMARY KEY, number int NOT NULL, ended int NOT NULL)',
    );
  });
}

/** Idempotent, as handlers must be: another try finds the effect done. */
export const workHandler = (db: Connections): JobHandler =>
  handlerOf(Work, async ({ number, milliseconds }) => {
    const id = newId();
    await db.write((sql) =>
      sql.run('INSERT INTO proof_tries (id, number, ended) VALUES (?, ?, 0)', [id, number]),
    );
    await delay(milliseconds);
    await db.write(async (sql) => {
      await sql.run(`${insertOrIgnore(sql)} INTO proof_effects (number) VALUES (?)`, [number]);
      await sql.run('UPDATE proof_tries SET ended = 1 WHERE id = ?', [id]);
    });
    return { number };
  });

export interface Effects {
  readonly effects: number;
  readonly tries: number;
  /** Jobs that were tried more than once. */
  readonly repeated: number;
  /** Tries that were cut off. */
  readonly unended: number;
}

export async function countEffects(db: Connections): Promise<Effects> {
  const count = async (query: string): Promise<number> => {
    const [row] = await db.read.query<{ n: RawInteger }>(query);
    return toInt(row?.n ?? 0);
  };
  return {
    effects: await count('SELECT COUNT(*) AS n FROM proof_effects'),
    tries: await count('SELECT COUNT(*) AS n FROM proof_tries'),
    repeated: await count(
      'SELECT COUNT(*) AS n FROM (SELECT number FROM proof_tries GROUP BY number HAVING COUNT(*) > 1) r',
    ),
    unended: await count('SELECT COUNT(*) AS n FROM proof_tries WHERE ended = 0'),
  };
}
