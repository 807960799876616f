import { Gauge, Registry } from 'prom-client';
import type { ConsumerLag } from '../../domain/eventstream/event-log.ts';
import type { JobSummary } from '../../domain/jobs/job-record.ts';
import type { Overview } from './overview.ts';

const seconds = (from: string | null, to: string): number =>
  from === null ? 0 : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/**
 * The overview in the text format of Prometheus, made anew for each scrape: every figure is read from the stores, so
 * that it is the same whichever process is asked.
 * @param finished the jobs that finished last, for their run times
 */
export async function metricsText(
  view: Overview,
  finished: readonly JobSummary[],
  lags: readonly ConsumerLag[],
): Promise<string> {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name: `crossborder_${name}`, help, labelNames, registers: [registry] });

  const jobs = gauge('jobs', 'Jobs by queue and state', ['queue', 'state']);
  const oldest = gauge('queue_oldest_ready_seconds', 'How long the oldest ready job has waited', ['queue']);
  const paused = gauge('queue_paused', '1 for a queue that is paused', ['queue']);
  const rate = gauge('jobs_finished_last_minute', 'Jobs that finished in the last minute', [
    'queue',
    'outcome',
  ]);
  for (const queue of view.queues) {
    const of = { queue: queue.queue };
    paused.set(of, queue.paused ? 1 : 0);
    // No figure is better than a wrong one.
    if (view.jobStore !== 'ok') continue;
    for (const state of ['ready', 'scheduled', 'retrying', 'running', 'dead'] as const)
      jobs.set({ ...of, state }, queue[state] ?? 0);
    oldest.set(of, seconds(queue.oldestReadyAt, view.at));
    rate.set({ ...of, outcome: 'succeeded' }, queue.succeededLastMinute ?? 0);
    rate.set({ ...of, outcome: 'dead' }, queue.failedLastMinute ?? 0);
  }

  const processes = gauge('processes', 'Processes that gave a sign of life in the last 30 seconds', ['role']);
  for (const role of ['worker', 'scheduler', 'relay'])
    processes.set({ role }, view.workers.filter((w) => w.alive && w.role === role).length);
  const labels = ['worker', 'host'] as const;
  const running = gauge('worker_running_jobs', 'Jobs that a worker runs', labels);
  const limit = gauge('worker_concurrency', 'Jobs that a worker may run at a time', labels);
  for (const { id, host, load, concurrency } of view.workers.filter((w) => w.alive && w.role === 'worker')) {
    running.set({ worker: id, host }, load.running);
    limit.set({ worker: id, host }, concurrency);
  }

  gauge('schedule_lag_seconds', 'By how much the most overdue tick is late', []).set(
    view.schedules.lagSeconds,
  );
  gauge('outbox_pending', 'Events that wait to be published', []).set(view.outbox.pending);
  gauge('outbox_dead', 'Events that were given up', []).set(view.outbox.dead);
  gauge('outbox_oldest_pending_seconds', 'How long the oldest event has waited', []).set(
    seconds(view.outbox.oldestPendingAt, view.at),
  );
  const up = gauge('dependency_up', '1 for a dependency that answers', ['name']);
  for (const check of view.checks) up.set({ name: check.name }, check.status === 'ok' ? 1 : 0);
  const behind = gauge('consumer_lag', 'Messages that a consumer group has still to handle', [
    'group',
    'topic',
    'partition',
  ]);
  for (const { group, topic, partition, lag } of lags)
    behind.set({ group, topic, partition: String(partition) }, lag);
  runTimes(registry, finished);
  return registry.metrics();
}

function runTimes(registry: Registry, finished: readonly JobSummary[]): void {
  const gauge = new Gauge({
    name: 'crossborder_job_run_seconds',
    help: 'Run time of the last try, over the 100 jobs that succeeded last',
    labelNames: ['name', 'stat'],
    registers: [registry],
  });
  const times = new Map<string, number[]>();
  for (const { name, startedAt, finishedAt } of finished) {
    if (startedAt === undefined || finishedAt === undefined) continue;
    const took = Math.max(0, finishedAt.getTime() - startedAt.getTime()) / 1000;
    times.set(name, [...(times.get(name) ?? []), took]);
  }
  for (const [name, all] of times) {
    gauge.set({ name, stat: 'mean' }, all.reduce((a, b) => a + b, 0) / all.length);
    gauge.set({ name, stat: 'max' }, Math.max(...all));
  }
}
