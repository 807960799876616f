import { parseArgs } from 'node:util';

export const PROOFS = ['oversell', 'idempotency', 'webhooks', 'chaos', 'consumer-kill'] as const;
export type ProofName = (typeof PROOFS)[number];

export interface Options {
  readonly proof: ProofName;
  readonly db: 'sqlite' | 'mysql' | 'mariadb';
  /** Of load, for chaos and consumer-kill. */
  readonly seconds: number;
  /** Repetitions, for the others. */
  readonly rounds: number;
  readonly json: boolean;
}

const USAGE = `usage: npm run proof -- ${PROOFS.join('|')} [--db sqlite|mysql|mariadb] [--seconds N] [--rounds N] [--json]
The servers of --db mysql and --db mariadb are named by DB_HOST, DB_PORT, DB_USER and DB_PASSWORD.
On a server, consumer-kill reads Kafka where KAFKA_BOOTSTRAP_SERVERS names it.`;

/** What the full figures are made with; .ci/run takes less. */
const ROUNDS: Readonly<Record<ProofName, number>> = {
  oversell: 20,
  idempotency: 5,
  webhooks: 3,
  chaos: 1,
  'consumer-kill': 1,
};
const SECONDS = 30;

const isProof = (text: string | undefined): text is ProofName => PROOFS.some((p) => p === text);
const isDatabase = (text: string): text is Options['db'] => ['sqlite', 'mysql', 'mariadb'].includes(text);
const isCount = (value: number): boolean => Number.isInteger(value) && value > 0;

/** @throws Error that explains the usage */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      db: { type: 'string', default: 'sqlite' },
      seconds: { type: 'string', default: String(SECONDS) },
      rounds: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [proof] = positionals;
  if (!isProof(proof) || !isDatabase(values.db)) throw new Error(USAGE);
  const seconds = Number(values.seconds);
  const rounds = Number(values.rounds ?? ROUNDS[proof]);
  if (!isCount(seconds) || !isCount(rounds)) throw new Error(USAGE);
  return { proof, db: values.db, seconds, rounds, json: values.json };
}
