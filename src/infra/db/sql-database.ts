import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../../domain/shared/errors.ts';
import type { Once } from '../../domain/shared/once.ts';
import type { Database, Guard, Tx } from '../../domain/use-cases/tx.ts';
import type { Connections } from './sql.ts';
import { SqlTx, type TxEnvironment } from './sql-tx.ts';

/** How long a repeated request waits for the first one, which is between its transactions, in milliseconds. */
const PATIENCE = 5_000;
const LONGEST_PAUSE = 400;

export class SqlDatabase implements Database {
  readonly #connections: Connections;
  readonly #env: TxEnvironment;

  constructor(connections: Connections, env: TxEnvironment) {
    this.#connections = connections;
    this.#env = env;
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>, once?: Once<T>, guard?: Guard): Promise<T> {
    const deadline = Date.now() + PATIENCE;
    for (let pause = 25; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await this.#connections.write((sql) => inOne(new SqlTx(sql, this.#env), work, once, guard));
      } catch (error) {
        if (!isInFlight(error) || Date.now() + pause > deadline) throw error;
        await delay(pause);
      }
    }
  }
}

async function inOne<T>(tx: Tx, work: (tx: Tx) => Promise<T>, once?: Once<T>, guard?: Guard): Promise<T> {
  if (once === undefined) return work(tx);
  await guard?.(tx);
  await tx.idempotency.claim(once);
  const result = await work(tx);
  await tx.idempotency.complete(once, result);
  return result;
}

const isInFlight = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'idempotency_in_flight';
