import type { App } from '../src/app.ts';
import { listen } from '../src/server/listen.ts';
import { type BenchDatabase, withApp } from './database.ts';
import type { LoadRequest } from './load.ts';
import type { Options } from './options.ts';
import { type PlannedStatement, planRead } from './raw-plan.ts';
import { record } from './recorder.ts';
import { type Comparison, compare } from './report.ts';
import { type Loaded, load, startContest } from './rounds.ts';

const GOAL = 0.5;
const LANGUAGES = ['en', 'zh', 'es', 'de'];

/** What visitors of a shop look at: the newest, a department, cheap first, what is in stock. */
const LISTS = [
  '/api/v1/products?limit=20&lang=en&currency=EUR',
  '/api/v1/products?limit=20&lang=zh&currency=CNY',
  '/api/v1/products?limit=20&lang=de&currency=EUR&category=home',
  '/api/v1/products?limit=20&lang=es&currency=USD&category=audio',
  '/api/v1/products?limit=20&lang=en&currency=JPY&sort=price',
  '/api/v1/products?limit=20&lang=en&currency=KWD&sort=name',
  '/api/v1/products?limit=20&lang=de&currency=EUR&inStock=true',
  '/api/v1/products?limit=20&lang=zh&currency=CNY&hot=true',
];

const pathsOf = (scenario: 'list' | 'detail', slugs: readonly string[]): string[] =>
  scenario === 'list'
    ? LISTS
    : slugs.map((slug, i) => `/api/v1/products/${slug}?lang=${LANGUAGES[i % LANGUAGES.length] ?? 'en'}`);

export async function benchReads(
  scenario: 'list' | 'detail',
  options: Options,
  database: BenchDatabase,
  folder: string,
): Promise<Comparison> {
  const reads = await withApp(database.config, (app) => recordReads(app, scenario));
  const requests = Object.keys(reads).map((path): LoadRequest => ({ method: 'GET', path }));
  const contest = await startContest(database, { reads, checkouts: [], buyers: {} }, folder);
  const { connections, rounds } = options;
  const plan = { connections, requests, seconds: Math.max(1, Math.round(options.seconds / rounds)) };
  const ours: Loaded[] = [];
  const raw: Loaded[] = [];
  try {
    for (const server of [contest.ours, contest.raw]) await load(server, { ...plan, seconds: 2 });
    for (let i = 0; i < rounds; i++) {
      ours.push(await load(contest.ours, plan));
      raw.push(await load(contest.raw, plan));
    }
  } finally {
    await contest.stop();
  }
  return compare({ scenario, db: options.db, connections, goal: GOAL }, ours, raw);
}

async function recordReads(
  app: App,
  scenario: 'list' | 'detail',
): Promise<Record<string, PlannedStatement[]>> {
  const rows = await app.connections.read.query<{ slug: string }>(
    'SELECT slug FROM products ORDER BY id LIMIT 40',
  );
  const server = await listen(await app.http(), '127.0.0.1', 0);
  const reads: Record<string, PlannedStatement[]> = {};
  try {
    for (const path of pathsOf(
      scenario,
      rows.map((row) => row.slug),
    )) {
      const statements = await record(app, async () => {
        const reply = await fetch(server.url + path);
        if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
      });
      reads[path] = planRead(statements);
    }
  } finally {
    await server.close(1000);
  }
  return reads;
}
