import type { AuditStore } from '../../domain/audit/audit.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { IdempotencyStore, Tx } from '../../domain/use-cases/tx.ts';
import { SqlInboxStore } from './eventstream/sql-inbox.store.ts';
import { SqlOutboxStore } from './eventstream/sql-outbox.store.ts';
import { SqlIdempotency } from './idempotency.ts';
import { SqlJobQueue } from './jobs/sql-job-queue.ts';
import { SqlRetentionStore } from './jobs/sql-retention.store.ts';
import { SqlScheduleStore } from './jobs/sql-schedule.store.ts';
import { SqlWorkerStore } from './jobs/sql-worker.store.ts';
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

  get outbox(): SqlOutboxStore {
    return new SqlOutboxStore(this.#sql);
  }

  get inbox(): SqlInboxStore {
    return new SqlInboxStore(this.#sql, this.#env.clock);
  }

  get jobs(): SqlJobQueue {
    return new SqlJobQueue(this.#sql, this.#env.clock);
  }

  get schedules(): SqlScheduleStore {
    return new SqlScheduleStore(this.#sql, this.#env.clock);
  }

  get workers(): SqlWorkerStore {
    return new SqlWorkerStore(this.#sql);
  }

  get retention(): SqlRetentionStore {
    return new SqlRetentionStore(this.#sql);
  }
}
