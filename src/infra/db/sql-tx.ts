import type { AuditStore } from '../../domain/audit/audit.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { IdempotencyStore, Tx } from '../../domain/use-cases/tx.ts';
import { SqlIdempotency } from './idempotency.ts';
import type { Sql } from './sql.ts';
import { SqlAuditStore } from './sql-audit.store.ts';

/** What stores need besides their connection. */
export interface TxEnvironment {
  readonly clock: Clock;
}

/** The stores of one transaction, each made when first used. */
export class SqlTx implements Tx {
  readonly #sql: Sql;
  readonly #env: TxEnvironment;
  #idempotency: IdempotencyStore | undefined;
  #audit: AuditStore | undefined;

  constructor(sql: Sql, env: TxEnvironment) {
    this.#sql = sql;
    this.#env = env;
  }

  get idempotency(): IdempotencyStore {
    return (this.#idempotency ??= new SqlIdempotency(this.#sql, this.#env.clock));
  }

  get audit(): AuditStore {
    return (this.#audit ??= new SqlAuditStore(this.#sql));
  }
}
