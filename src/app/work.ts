import { join } from 'node:path';
import type { KafkaConfig } from '../config.ts';
import type { JobRunner } from '../domain/jobs/job-runner.ts';
import type { Mailer } from '../domain/notifications/mail.ts';
import { CleanUp } from '../domain/use-cases/clean-up.ts';
import { ConsumeEvent } from '../domain/use-cases/consume-event.ts';
import { DispatchOutbox } from '../domain/use-cases/dispatch-outbox.ts';
import { eventCatalog } from '../domain/use-cases/event-catalog.ts';
import { Heartbeat } from '../domain/use-cases/heartbeat.ts';
import { ManageOutbox } from '../domain/use-cases/manage-outbox.ts';
import { RebuildStockProjection } from '../domain/use-cases/rebuild-stock-projection.ts';
import { RefreshExchangeRates } from '../domain/use-cases/refresh-exchange-rates.ts';
import { VerifyEvents } from '../domain/use-cases/verify-events.ts';
import { EVENT_LOG_SIGNAL, OUTBOX_SIGNAL } from '../infra/db/eventstream/signals.ts';
import { SqlDeadLetterReadModel } from '../infra/db/eventstream/sql-dead-letters.ts';
import { SqlOutboxReadModel } from '../infra/db/eventstream/sql-outbox.read-model.ts';
import { SqlQueueReadModel } from '../infra/db/jobs/sql-queue.store.ts';
import { SqlScheduleReadModel } from '../infra/db/jobs/sql-schedule.store.ts';
import { SqlWorkersReadModel, WORKERS_SIGNAL } from '../infra/db/jobs/sql-worker.store.ts';
import { SqlAlertReadModel } from '../infra/db/notifications/sql-alert.read-model.ts';
import { SqlOrderMailReadModel } from '../infra/db/notifications/sql-order-mail.read-model.ts';
import { SqlExchangeRateStore } from '../infra/db/pricing/sql-exchange-rate.store.ts';
import { EcbRateSource } from '../infra/pricing/ecb.rate-source.ts';
import { CONSUMER_GROUPS } from '../jobs/consumers/consumers.ts';
import type { Work } from '../jobs/work.ts';
import { VERSION } from '../version.ts';
import type { Core } from './core.ts';
import { webhookDeliveries } from './webhooks.ts';

/** Use cases of other features that jobs call. */
export type WorkOrders = Pick<
  Work,
  | 'expireUnpaidOrders'
  | 'reconcilePayments'
  | 'releaseStaleReservations'
  | 'giveBackMoney'
  | 'claims'
  | 'claimTokens'
>;

/** At most so long does a claimed job of a dead worker wait for another, in seconds. */
const LOCK_SECONDS = 20;
const MAX_ATTEMPTS = 5;

export interface OpenWork extends Work {
  readonly manageOutbox: ManageOutbox;
  readonly verifyEvents: VerifyEvents;
  /** What the configuration needs besides the database. */
  close(): Promise<void>;
}

/** Opens what the background roles work with. Imported, and called, only by who needs it. */
export async function openWork(core: Core, orders: WorkOrders): Promise<OpenWork> {
  const { db, clock, config, connections, signals } = core;
  const [{ eventLog, formerLog }, jobs, mailer] = await Promise.all([
    openEventLogs(core),
    openJobs(core),
    openMailer(core),
  ]);
  const outbox = new SqlOutboxReadModel(connections.read);
  return {
    ...orders,
    version: VERSION,
    eventLog,
    formerLog,
    events: eventCatalog,
    jobs,
    mailer,
    outbox,
    schedules: new SqlScheduleReadModel(connections.read),
    orderMails: new SqlOrderMailReadModel(connections.read),
    alerts: new SqlAlertReadModel(connections.read, config.mail.alerts),
    webhooks: webhookDeliveries(core),
    deadLetters: new SqlDeadLetterReadModel(connections.read),
    lag: () => eventLog.lag(CONSUMER_GROUPS),
    refreshExchangeRates: new RefreshExchangeRates({
      ...{ db, clock },
      rates: new SqlExchangeRateStore(connections.read),
      source: config.pricing.ratesUrl === undefined ? undefined : new EcbRateSource(config.pricing.ratesUrl),
    }),
    rebuildStockProjection: new RebuildStockProjection(db, clock),
    dispatchOutbox: new DispatchOutbox({ db, outbox, clock, log: eventLog, settings: config.outbox }),
    manageOutbox: new ManageOutbox({ db, outbox, clock }),
    verifyEvents: new VerifyEvents({ outbox, log: eventLog, former: formerLog }),
    relayed: core.metrics.relay,
    showMetrics: (source) => core.metrics.also(source),
    consumeEvent: new ConsumeEvent(db),
    cleanUp: new CleanUp({ db, jobs, clock }),
    heartbeat: new Heartbeat(db, clock),
    workers: new SqlWorkersReadModel(connections.read, clock),
    onCommand: (listener) => signals.onSignal(WORKERS_SIGNAL, listener),
    onAppended: (listener) => signals.onSignal(OUTBOX_SIGNAL, listener),
    close: async () => {
      await Promise.all([eventLog.close(), formerLog?.close()]);
      await jobs.close();
      await mailer.close();
    },
  };
}

/** The embedded log may hold events that consumers have not had when Kafka takes its place. */
async function openEventLogs({
  config,
  connections,
  signals,
  clock,
  log,
}: Core): Promise<Pick<Work, 'eventLog' | 'formerLog'>> {
  const { LocalEventLog } = await import('../infra/events/local.event-log.ts');
  const local = new LocalEventLog(connections, clock, log, (listener) =>
    signals.onSignal(EVENT_LOG_SIGNAL, listener),
  );
  const kafka: KafkaConfig | undefined = config.kafka;
  if (kafka === undefined) return { eventLog: local, formerLog: undefined };
  const { KafkaEventLog } = await import('../infra/events/kafka.event-log.ts');
  const settings = { ...kafka, sendTimeoutSeconds: config.outbox.sendTimeoutSeconds };
  return { eventLog: new KafkaEventLog(settings, log), formerLog: local };
}

async function openJobs({ config, connections, signals, log }: Core): Promise<JobRunner> {
  const [{ AgendaJobRunner }, { QueueGate }] = await Promise.all([
    import('../infra/jobs/agenda.job-runner.ts'),
    import('../infra/jobs/queue-gate.ts'),
  ]);
  const gate = new QueueGate(connections, new SqlQueueReadModel(connections.read));
  const { softTimeoutSeconds, timeoutSeconds, retryDelaySeconds: delaySeconds } = config.jobs;
  const settings = {
    limits: { softTimeoutSeconds, timeoutSeconds, lockSeconds: Math.min(LOCK_SECONDS, timeoutSeconds) },
    retry: { delaySeconds, maxAttempts: MAX_ATTEMPTS },
  };
  if (config.mongoUrl === undefined) {
    const { SqlAgendaStore } = await import('../infra/jobs/sql.agenda-store.ts');
    return new AgendaJobRunner(new SqlAgendaStore(connections, signals, log), gate, settings, log);
  }
  const { MongoAgendaStore } = await import('../infra/jobs/mongo.agenda-store.ts');
  return new AgendaJobRunner(
    new MongoAgendaStore(config.mongoUrl, { sql: connections, signals }, log),
    gate,
    settings,
    log,
  );
}

async function openMailer({ config }: Core): Promise<Mailer> {
  const { smtpUrl, from } = config.mail;
  if (smtpUrl !== undefined) {
    const { SmtpMailer } = await import('../infra/mail/smtp.mailer.ts');
    return new SmtpMailer(smtpUrl, from);
  }
  const { FileMailer } = await import('../infra/mail/file.mailer.ts');
  return new FileMailer(join(config.dataDir, 'mail'), from);
}
