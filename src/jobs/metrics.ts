import { Gauge, Registry } from 'prom-client';
import type { Work } from './work.ts';

/** Asked for when it is scraped: what each group of consumers has still to read. */
export function consumerMetrics({ lag, deadLetters }: Pick<Work, 'lag' | 'deadLetters'>): Registry {
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
