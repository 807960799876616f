import type { DeadLetterReadModel } from '../domain/eventstream/dead-letter.ts';
import type { ConsumerLag, EventLog, FormerLog } from '../domain/eventstream/event-log.ts';
import type { OutboxReadModel } from '../domain/eventstream/outbox.store.ts';
import type { JobRunner } from '../domain/jobs/job-runner.ts';
import type { ScheduleReadModel } from '../domain/jobs/schedule.store.ts';
import type { WorkerReadModel } from '../domain/jobs/worker.store.ts';
import type { Mailer } from '../domain/notifications/mail.ts';
import type { OrderMailReadModel } from '../domain/notifications/order-mail.ts';
import type { AlertReadModel } from '../domain/notifications/staff-alert.ts';
import type { ClaimReadModel, ClaimTokens } from '../domain/orders/guest-order.ts';
import type { Clock } from '../domain/shared/clock.ts';
import type { EventType } from '../domain/shared/event.ts';
import type { Queue } from '../domain/shared/job.ts';
import type { Log } from '../domain/shared/log.ts';
import type { CleanUp } from '../domain/use-cases/clean-up.ts';
import type { ConsumeEvent } from '../domain/use-cases/consume-event.ts';
import type { DeliverWebhooks } from '../domain/use-cases/deliver-webhooks.ts';
import type { DispatchOutbox, DispatchResult } from '../domain/use-cases/dispatch-outbox.ts';
import type { Heartbeat } from '../domain/use-cases/heartbeat.ts';
import type { RefreshExchangeRates } from '../domain/use-cases/refresh-exchange-rates.ts';
import type { Database } from '../domain/use-cases/tx.ts';

/** A use case that does something to at most `limit` rows. @returns how many */
interface Batched {
  run(limit: number, signal?: AbortSignal): Promise<number>;
}

/** Hears what a relay does, for metrics. */
export interface RelayObserver {
  batch(result: DispatchResult): void;
  /** A try that found the event log, or the database, away. */
  failure(): void;
}

/** What the background roles work with. */
export interface Work {
  /** Of the program. */
  readonly version: string;
  readonly eventLog: EventLog;
  /** The embedded one where another is in use: what is left in it is handled first. */
  readonly formerLog: FormerLog | undefined;
  readonly events: readonly EventType<unknown>[];
  readonly jobs: JobRunner;
  readonly schedules: ScheduleReadModel;
  readonly outbox: OutboxReadModel;
  readonly orderMails: OrderMailReadModel;
  readonly claims: ClaimReadModel;
  readonly claimTokens: ClaimTokens;
  readonly mailer: Mailer;
  readonly dispatchOutbox: DispatchOutbox;
  readonly consumeEvent: ConsumeEvent;
  readonly cleanUp: CleanUp;
  readonly heartbeat: Heartbeat;
  readonly workers: Pick<WorkerReadModel, 'hasCommands'>;
  /** Calls back after a commit of this process that told a worker something. @returns how to end that */
  readonly onCommand: (listener: () => void) => () => void;
  readonly expireUnpaidOrders: Batched;
  readonly reconcilePayments: Batched;
  readonly releaseStaleReservations: {
    run(afterDays: number, limit: number, signal?: AbortSignal): Promise<number>;
  };
  readonly refreshExchangeRates: RefreshExchangeRates;
  readonly giveBackMoney: {
    sweep(limit: number, signal?: AbortSignal): Promise<number>;
    ofOrder(orderId: string): Promise<number>;
  };
  readonly deadLetters: DeadLetterReadModel;
  /** Of every consumer group. @throws DomainError unavailable */
  lag(): Promise<ConsumerLag[]>;
  readonly alerts: AlertReadModel;
  readonly webhooks: DeliverWebhooks;
  readonly rebuildStockProjection: { run(): Promise<number> };
  readonly relayed: RelayObserver;
  /** Shows more figures where METRICS_PORT shows some: `source` gives Prometheus' text, and never rejects. */
  showMetrics(source: () => Promise<string>): void;
  /** Calls back after a commit that appended events: of this process, and with Redis of any. @returns how to end that */
  onAppended(listener: () => void): () => void;
}

/** The part of the program that a background role needs. */
export interface WorkingApp {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: {
    readonly queues: Readonly<Record<Queue, string>>;
    readonly jobs: { readonly concurrency: number };
  };
  work(): Promise<Work>;
}

/** A role that runs until it is stopped; `stop` resolves when what was in hand is done. */
export interface RunningRole {
  stop(): Promise<void>;
}
