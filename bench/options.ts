import { parseArgs } from 'node:util';
import type { DatabaseOptions } from '../src/infra/db/open-database.ts';

export const SCENARIOS = ['list', 'detail', 'checkout', 'startup', 'jobs', 'events'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Options {
  readonly scenario: Scenario;
  readonly db: 'sqlite' | 'mysql' | 'mariadb';
  /** Of load on each server, in all rounds together. */
  readonly seconds: number;
  readonly connections: number;
  /** Each round loads both servers, one after the other, so that a noisy machine disturbs both. */
  readonly rounds: number;
  /** Events only: sent rows that the outbox has beforehand. */
  readonly sent: number;
  readonly json: boolean;
}

const USAGE = `usage: npm run bench -- list|detail|checkout|startup|jobs|events [--db sqlite|mysql|mariadb] [--seconds N] [--connections N] [--rounds N] [--sent N] [--json]
The servers of --db mysql and --db mariadb are named by DB_HOST, DB_PORT, DB_USER and DB_PASSWORD; jobs also wants REDIS_URL, and runs on MONGO_URL too; events
wants KAFKA_BOOTSTRAP_SERVERS, measures the wake by REDIS_URL where there is one, and --sent puts that many sent rows into its outbox first.`;

const isScenario = (text: string | undefined): text is Scenario => SCENARIOS.some((s) => s === text);
const isDatabase = (text: string): text is Options['db'] => ['sqlite', 'mysql', 'mariadb'].includes(text);

/** @throws Error that explains the usage */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      db: { type: 'string', default: 'mysql' },
      seconds: { type: 'string', default: '15' },
      connections: { type: 'string', default: '16' },
      rounds: { type: 'string', default: '3' },
      sent: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
    },
  });
  const [scenario] = positionals;
  const [seconds, connections, rounds] = [values.seconds, values.connections, values.rounds].map(Number);
  const sent = Number(values.sent);
  if (!isScenario(scenario) || !isDatabase(values.db)) throw new Error(USAGE);
  if (!isCount(seconds) || !isCount(connections) || !isCount(rounds) || !isCount(sent + 1))
    throw new Error(USAGE);
  return { scenario, db: values.db, seconds, connections, rounds, sent, json: values.json };
}

const isCount = (value: number | undefined): value is number => Number.isInteger(value) && Number(value) > 0;

/** A database of the benchmark's own: dropped before and after. */
export function databaseOptions(db: Options['db'], folder: string): DatabaseOptions {
  if (db === 'sqlite') return { kind: 'sqlite', path: `${folder}/bench.sqlite` };
  const {
    DB_HOST: host = '127.0.0.1',
    DB_PORT: port = '3306',
    DB_USER: user = 'root',
    DB_PASSWORD: password = '',
  } = process.env;
  return {
    kind: db,
    host,
    port: Number(port),
    user,
    password,
    name: `crossborder_bench_${process.pid}`,
    poolSize: 10,
  };
}
