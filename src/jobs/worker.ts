import type { SubscribeOptions, Subscription } from '../domain/eventstream/event-log.ts';
import type { JobHandler } from '../domain/jobs/job-runner.ts';
import { newId } from '../domain/shared/ids.ts';
import { QUEUES, type Queue, queueOf } from '../domain/shared/job.ts';
import { errorFacts } from '../domain/shared/log.ts';
import { CONSUMER_GROUPS } from './consumers/consumers.ts';
import { GroupConsumer } from './consumers/group-consumer.ts';
import { subscribeInTurn } from './consumers/subscribe-in-turn.ts';
import { deliverWebhooks } from './handlers/deliver-webhooks.ts';
import { giveBackOfOrder } from './handlers/give-back.ts';
import { maintenance } from './handlers/maintenance.ts';
import { sendAlerts } from './handlers/send-alerts.ts';
import { sendOrderClaim } from './handlers/send-order-claim.ts';
import { sendOrderMail } from './handlers/send-order-mail.ts';
import { startHeartbeat } from './heartbeat.ts';
import { consumerFigures } from './metrics.ts';
import type { RunningRole, Work, WorkingApp } from './work.ts';

export interface WorkerOptions {
  /** Names of queues, logical or as configured; all of them by default. */
  readonly queues?: readonly string[] | undefined;
  /** Jobs at a time; WORKER_CONCURRENCY by default. */
  readonly concurrency?: number | undefined;
  /** Called when an operator wants this worker to end. Without it only the worker stops: its process does more. */
  readonly shutDown?: (() => void) | undefined;
}

/** What a running job may take to finish when the worker stops, in milliseconds. */
const GRACE = 25_000;

/** Runs jobs and consumes events. Any number of workers may run. */
export async function startWorker(app: WorkingApp, options: WorkerOptions = {}): Promise<RunningRole> {
  const queues = queuesOf(options.queues, app.config.queues);
  const concurrency = options.concurrency ?? app.config.jobs.concurrency;
  const work = await app.work();
  const handlers = handlersOf(app, work).filter((h) => queues.includes(h.queue));
  const workerId = newId();
  const jobs = await work.jobs.start({ handlers, concurrency, workerId });
  const subscriptions = await subscribe(app, work);
  work.showMetrics(consumerFigures(work, app.log));
  const stopOnce = async (): Promise<void> => {
    await Promise.all([jobs.stop(GRACE), ...subscriptions.map((s) => s.stop())]);
    await heartbeat.stop();
    app.log.info({}, 'the worker has stopped');
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopOnce());
  const stopAlone = (): void => {
    stop().catch((error: unknown) => app.log.error(errorFacts(error), 'the worker did not stop in order'));
  };
  const shutDown = options.shutDown ?? stopAlone;
  const heartbeat = await startHeartbeat(app, {
    role: 'worker',
    queues: queues.map((queue) => app.config.queues[queue]),
    id: workerId,
    concurrency: () => jobs.concurrency(),
    work: () => jobs.load(),
    obey: (command) => {
      app.log.info({ command }, 'told by an operator');
      if (command.type === 'set-concurrency') jobs.setConcurrency(command.concurrency);
      else shutDown();
    },
  });
  app.log.info({ queues, concurrency, jobs: handlers.map((h: JobHandler) => h.name) }, 'working');
  return { stop };
}

/** One for each job of the catalogue. */
export const handlersOf = ({ clock }: WorkingApp, work: Work): readonly JobHandler[] => [
  sendOrderMail(work, clock),
  sendOrderClaim(work),
  giveBackOfOrder(work),
  ...sendAlerts(work),
  ...deliverWebhooks(work),
  ...maintenance(work),
];

function subscribe({ log }: WorkingApp, work: Work): Promise<Subscription[]> {
  const knownTypes = new Set(work.events.map((e) => e.type));
  return Promise.all(
    CONSUMER_GROUPS.map(({ group, topics, consumers }) => {
      const consumer = new GroupConsumer({
        group,
        consumers,
        knownTypes,
        consumeEvent: work.consumeEvent,
        log,
      });
      const handle: SubscribeOptions['handle'] = (message, signal) => consumer.handle(message, signal);
      return subscribeInTurn(work, { group, topics, handle }, log);
    }),
  );
}

/** @throws DomainError validation_failed for a queue that does not exist */
function queuesOf(
  names: readonly string[] | undefined,
  configured: Readonly<Record<Queue, string>>,
): Queue[] {
  if (names === undefined || names.length === 0) return [...QUEUES];
  return names.map((name) => queueOf(name, configured, 'validation_failed'));
}
