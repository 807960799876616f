import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { DomainError } from '../domain/shared/errors.ts';
import { errorFacts, type Log } from '../domain/shared/log.ts';
import type { Work } from './work.ts';

/** Asked for when it is scraped: what each group of consumers has still to read. */
export async function consumerMetrics({
  lag,
  deadLetters,
}: Pick<Work, 'lag' | 'deadLetters'>): Promise<Registry> {
  const { Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  new Gauge({
    name: 'crossborder_consumer_lag',
    help: 'Messages that a consumer group has not handled yet',
    labelNames: ['group', 'topic', 'partition'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { group, topic, partition, lag: messages } of await lag()) {
        this.set({ group, topic, partition: String(partition) }, messages);
      }
    },
  });
  new Gauge({
    name: 'crossborder_consumer_dead_letters',
    help: 'Messages that a consumer group could not handle, and that nobody has decided on',
    labelNames: ['group'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [group, messages] of await deadLetters.dead()) this.set({ group }, messages);
    },
  });
  return registry;
}

/** How long a scrape waits for the event log, in milliseconds. */
const PATIENCE = 3000;

/** Undefined while the event log is away, or slow: the other figures are told all the same. */
export async function inTime<T>(ask: () => Promise<T>, log: Log): Promise<T | undefined> {
  const late = delay(PATIENCE, undefined, { ref: false }).then(() => {
    throw new DomainError('timeout', `the event log gave no answer in ${PATIENCE / 1000} s`);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    log.warn(errorFacts(error), 'how far consumers are behind is not known');
    return undefined;
  }
}

/** The same beside the other figures of a worker: those are shown too while the event log is away. */
export function consumerFigures(work: Pick<Work, 'lag' | 'deadLetters'>, log: Log): () => Promise<string> {
  let registry: Promise<Registry> | undefined;
  return async () => {
    const told = await inTime(async () => {
      registry ??= consumerMetrics(work);
      return (await registry).metrics();
    }, log);
    return told ?? '';
  };
}
