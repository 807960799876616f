import type { Once } from '../../domain/shared/once.ts';
import type { Database, Tx } from '../../domain/use-cases/tx.ts';
import type { Connections } from './sql.ts';
import { SqlTx, type TxEnvironment } from './sql-tx.ts';

export class SqlDatabase implements Database {
  readonly #connections: Connections;
  readonly #env: TxEnvironment;

  constructor(connections: Connections, env: TxEnvironment) {
    this.#connections = connections;
    this.#env = env;
  }

  transaction<T>(work: (tx: Tx) => Promise<T>, once?: Once<T>): Promise<T> {
    return this.#connections.write(async (sql) => {
      const tx = new SqlTx(sql, this.#env);
      if (once === undefined) return work(tx);
      await tx.idempotency.claim(once);
      const result = await work(tx);
      await tx.idempotency.complete(once, result);
      return result;
    });
  }
}
