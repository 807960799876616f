import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../src/app.ts';
import { bareMongoLoop, dropMongo, fillMongo } from './bare-mongo.ts';
import { prepareCelery, runCelery } from './celery.ts';
import { type BenchDatabase, withApp } from './database.ts';
import { Nothing } from './nothing.job.ts';
import type { Options } from './options.ts';
import { ROOT } from './processes.ts';
import { median } from './report.ts';

const CONCURRENCIES = [4, 50] as const;
const JOBS = 3000;
const MONGO_JOBS = 400;
const LATENCY_JOBS = 100;
const BATCH = 200;
/** Between two jobs whose start is measured, in milliseconds. */
const PAUSE = 30;

/** Rates are jobs per second, medians of the rounds; the ratio is the median of the rounds' ratios. */
interface Contest {
  readonly concurrency: number;
  readonly ours: number;
  readonly rival: number;
  readonly ratio: number;
}

export interface JobsResult {
  readonly scenario: 'jobs';
  readonly db: Options['db'];
  /** Against a Celery worker on Redis. */
  readonly celery: readonly Contest[];
  /** Against a bare driver loop on the same server; absent without MONGO_URL. */
  readonly mongo?: readonly Contest[];
  /** Milliseconds from enqueue to start, medians. */
  readonly latency: { readonly withRedis: number; readonly polling: number; readonly celery: number };
}

/** @throws Error without REDIS_URL */
export async function benchJobs({ db, rounds }: Options, database: BenchDatabase): Promise<JobsResult> {
  const { REDIS_URL: redis, MONGO_URL: mongo } = process.env;
  if (redis === undefined) throw new Error('the jobs contest needs REDIS_URL: Celery runs on it');
  prepareCelery();
  const onRedis = { ...database.env, REDIS_URL: redis };
  const celery = await contests(rounds, async (concurrency) => {
    await withApp(database.config, (app) => enqueue(app, JOBS));
    const worker = await startWorker('throughput', JOBS, concurrency, onRedis);
    const ours = (await worker.result).rate;
    return [ours, runCelery(redis, { what: 'throughput', count: JOBS, concurrency })];
  });
  const latency = {
    withRedis: await latencyOf(database, onRedis),
    polling: await latencyOf(database, database.env),
    celery: runCelery(redis, { what: 'latency', count: LATENCY_JOBS, concurrency: 4 }),
  };
  const result = { scenario: 'jobs', db, celery, latency } as const;
  return mongo === undefined ? result : { ...result, mongo: await onMongo(mongo, rounds, database) };
}

async function onMongo(url: string, rounds: number, database: BenchDatabase): Promise<Contest[]> {
  const own = new URL(url);
  own.pathname = `/bench-${process.pid}`;
  try {
    return await contests(rounds, async (concurrency) => {
      await fillMongo(own.href, MONGO_JOBS);
      const env = { ...database.env, MONGO_URL: own.href };
      const worker = await startWorker('throughput', MONGO_JOBS, concurrency, env);
      const ours = (await worker.result).rate;
      return [ours, await bareMongoLoop(own.href, MONGO_JOBS, concurrency)];
    });
  } finally {
    await dropMongo(own.href);
  }
}

/** In turns, so that other work on the machine disturbs both. */
async function contests(
  rounds: number,
  round: (concurrency: number) => Promise<readonly [ours: number, rival: number]>,
): Promise<Contest[]> {
  const results: Contest[] = [];
  for (const concurrency of CONCURRENCIES) {
    const rates: (readonly [number, number])[] = [];
    for (let i = 0; i < rounds; i++) rates.push(await round(concurrency));
    results.push({
      concurrency,
      ours: Math.round(median(rates.map(([ours]) => ours))),
      rival: Math.round(median(rates.map(([, rival]) => rival))),
      ratio: Math.round(median(rates.map(([ours, rival]) => ours / rival)) * 100) / 100,
    });
  }
  return results;
}

/** From a commit of this process to the start in the worker's. */
async function latencyOf(database: BenchDatabase, env: NodeJS.ProcessEnv): Promise<number> {
  const { REDIS_URL: redisUrl } = env;
  const config = { ...database.config, ...(redisUrl === undefined ? {} : { redisUrl }) };
  const worker = await startWorker('latency', LATENCY_JOBS, 4, env);
  await withApp(config, async (app) => {
    // Connections come up.
    await delay(1000);
    for (let i = 0; i < LATENCY_JOBS; i++) {
      await enqueue(app, 1);
      await delay(PAUSE);
    }
  });
  return (await worker.result).p50 ?? Number.NaN;
}

async function enqueue(app: App, count: number): Promise<void> {
  for (let done = 0; done < count; done += BATCH) {
    await app.db.transaction(async (tx) => {
      for (let i = done; i < Math.min(done + BATCH, count); i++)
        await tx.jobs.enqueue(Nothing, { at: Date.now() });
    });
  }
}

interface Measured {
  readonly rate: number;
  readonly p50: number | null;
}

/** Resolves when it takes jobs; `result` when it has run them all. */
async function startWorker(
  what: 'throughput' | 'latency',
  count: number,
  concurrency: number,
  env: NodeJS.ProcessEnv,
): Promise<{ result: Promise<Measured> }> {
  const child = spawn(
    process.execPath,
    ['--import', './bench/register.js', 'bench/job-worker.ts', what, String(count), String(concurrency)],
    { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout });
  const [first] = (await once(lines, 'line')) as [string];
  if (first !== 'working') throw new Error(first);
  const result = once(lines, 'line').then(([line]) => JSON.parse(line as string) as Measured);
  return { result };
}

export function printJobs({ db, celery, mongo, latency }: JobsResult): string {
  const lines = (name: string, contest: readonly Contest[]): string[] =>
    contest.map(
      ({ concurrency, ours, rival, ratio }) =>
        `  ${String(concurrency).padStart(3)} at a time: ${ours} jobs/s, ${name} ${rival}: ratio ${ratio}`,
    );
  return [
    `jobs on ${db}`,
    ...lines('Celery', celery),
    ...(mongo === undefined ? [] : ['jobs on the server of MONGO_URL', ...lines('a bare loop', mongo)]),
    `  enqueue to start, p50: ${latency.withRedis} ms with Redis, ${latency.polling} ms by polling; Celery ${Math.round(latency.celery * 10) / 10} ms`,
  ].join('\n');
}
