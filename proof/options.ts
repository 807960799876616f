import { parseArgs } from 'node:util';

export const PROOFS = [
  'oversell',
  'idempotency',
  'webhooks',
  'chaos',
  'job-kill',
  'schedule-once',
  'drain',
  'consumer-kill',
  'relay-kill',
  'broker-kill',
  'broker-down',
  'refused',
] as const;
export type ProofName = (typeof PROOFS)[number];

export interface Options {
  readonly proof: ProofName;
  readonly db: 'sqlite' | 'mysql' | 'mariadb';
  /** Where the jobs are. */
  readonly jobs: 'sql' | 'mongodb';
  /** Jobs, for job-kill. */
  readonly count: number;
  /** Of load, for chaos and consumer-kill; of ticks, for schedule-once; of the outage, for broker-down. */
  readonly seconds: number;
  /** Repetitions, for the others: kills, for relay-kill and broker-kill. */
  readonly rounds: number;
  readonly json: boolean;
}

const USAGE = `usage: npm run proof -- ${PROOFS.join('|')} [--db sqlite|mysql|mariadb] [--jobs sql|mongodb] [--seconds N] [--rounds N] [--count N] [--json]
The servers of --db mysql and --db mariadb are named by DB_HOST, DB_PORT, DB_USER and DB_PASSWORD; that of --jobs mongodb by MONGO_URL.
consumer-kill, relay-kill and refused use the Kafka of KAFKA_BOOTSTRAP_SERVERS, and without it the embedded event log; broker-kill
and broker-down start a broker of their own by KAFKA_UP (../shared/services/kafka-up), which takes a folder and a port, and
prints the broker's pid.`;

/** What the full figures are made with; .ci/run takes less. */
const ROUNDS: Readonly<Record<ProofName, number>> = {
  oversell: 20,
  idempotency: 5,
  webhooks: 3,
  chaos: 1,
  'job-kill': 1,
  'schedule-once': 1,
  drain: 10,
  'consumer-kill': 1,
  'relay-kill': 100,
  'broker-kill': 5,
  'broker-down': 1,
  refused: 1,
};
const SECONDS: Readonly<Partial<Record<ProofName, number>>> = { 'broker-down': 60, 'schedule-once': 180 };
const DEFAULT_SECONDS = 30;
/** The server that speaks MongoDB's protocol for tests is slow. */
const COUNT = { sql: 10_000, mongodb: 2000 } as const;

const isProof = (text: string | undefined): text is ProofName => PROOFS.some((p) => p === text);
const isJobs = (text: string): text is Options['jobs'] => ['sql', 'mongodb'].includes(text);
const isDatabase = (text: string): text is Options['db'] => ['sqlite', 'mysql', 'mariadb'].includes(text);
const isCount = (value: number): boolean => Number.isInteger(value) && value > 0;

/** @throws Error that explains the usage */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      db: { type: 'string', default: 'sqlite' },
      jobs: { type: 'string', default: 'sql' },
      seconds: { type: 'string' },
      count: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [proof] = positionals;
  if (!isProof(proof) || !isDatabase(values.db) || !isJobs(values.jobs)) throw new Error(USAGE);
  const seconds = Number(values.seconds ?? SECONDS[proof] ?? DEFAULT_SECONDS);
  const count = Number(values.count ?? COUNT[values.jobs]);
  const rounds = Number(values.rounds ?? ROUNDS[proof]);
  if (!isCount(seconds) || !isCount(rounds) || !isCount(count)) throw new Error(USAGE);
  return { proof, db: values.db, jobs: values.jobs, count, seconds, rounds, json: values.json };
}
