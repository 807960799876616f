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
/** Between two jobs whose start is measured, in milliseconds; longer than one takes, so that none waits for another. */
const PAUSE = 30;
const MONGO_PAUSE = 200;

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
  /** Milliseconds from enqueue to start, medians; `onMongo` with Redis, and absent without MONGO_URL. */
  readonly latency: {
    readonly withRedis: number;
    readonly polling: number;
    readonly celery: number;
    readonly onMongo?: number;
  };
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
  if (mongo === undefined) return result;
  const own = new URL(mongo);
  own.pathname = `/bench-${process.pid}`;
  try {
    const onMongo = { ...onRedis, MONGO_URL: own.href };
    const contest = await againstBareLoop(own.href, rounds, { ...database.env, MONGO_URL: own.href });
    return {
      ...result,
      mongo: contest,
      latency: { ...latency, onMongo: await latencyOf(database, onMongo, MONGO_PAUSE) },
    };
  } finally {
    await dropMongo(own.href);
  }
}

const againstBareLoop = (url: string, rounds: number, env: NodeJS.ProcessEnv): Promise<Contest[]> =>
  contests(rounds, async (concurrency) => {
    await fillMongo(url, MONGO_JOBS);
    const worker = await startWorker('throughput', MONGO_JOBS, concurrency, env);
    const ours = (await worker.result).rate;
    return [ours, await bareMongoLoop(url, MONGO_JOBS, concurrency)];
  });

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
async function latencyOf(database: BenchDatabase, env: NodeJS.ProcessEnv, pause = PAUSE): Promise<number> {
  const { REDIS_URL: redisUrl } = env;
  const config = { ...database.config, ...(redisUrl === undefined ? {} : { redisUrl }) };
  const worker = await startWorker('latency', LATENCY_JOBS, 4, env);
  await withApp(config, async (app) => {
    // Connections come up.
    await delay(1000);
    for (let i = 0; i < LATENCY_JOBS; i++) {
      await enqueue(app, 1);
      await delay(pause);
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
  // Not its exit: its last line may still be on the way.
  const gone = once(child, 'close').then(([code]) => {
    throw new Error(`a worker ended with ${code} before it was done`);
  });
  const line = async (): Promise<string> => {
    const [text] = (await Promise.race([once(lines, 'line'), gone])) as [string];
    return text;
  };
  const first = await line();
  if (first !== 'working') throw new Error(first);
  const result = line().then((text) => JSON.parse(text) as Measured);
  // Whoever waits for it does so later.
  result.catch(() => undefined);
  return { result };
}

export function printJobs({ db, celery, mongo, latency }: JobsResult): string {
  const onMongo = latency.onMongo === undefined ? '' : `, ${latency.onMongo} ms on MongoDB with Redis`;
  const lines = (name: string, contest: readonly Contest[]): string[] =>
    contest.map(
      ({ concurrency, ours, rival, ratio }) =>
        `  ${String(concurrency).padStart(3)} at a time: ${ours} jobs/s, ${name} ${rival}: ratio ${ratio}`,
    );
  return [
    `jobs on ${db}`,
    ...lines('Celery', celery),
    ...(mongo === undefined ? [] : ['jobs on the server of MONGO_URL', ...lines('a bare loop', mongo)]),
    `  enqueue to start, p50: ${latency.withRedis} ms with Redis, ${latency.polling} ms by polling${onMongo}; Celery ${Math.round(latency.celery * 10) / 10} ms`,
  ].join('\n');
}
