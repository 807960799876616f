import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { ConsumerLag } from '../../domain/eventstream/event-log.ts';

export default class EventsLag extends BaseCommand {
  static override summary = 'Show how far each consumer group is behind, by partition';
  static override examples = ['<%= config.bin %> events lag --format prometheus > lag.prom'];
  static override flags = {
    format: Flags.option({
      description: 'for people, or for a textfile collector',
      options: ['text', 'prometheus'] as const,
      default: 'text',
    })(),
  };

  async run(): Promise<readonly ConsumerLag[]> {
    const { flags } = await this.parse(EventsLag);
    return this.withApp(async (app) => {
      const work = await app.work();
      if (flags.format === 'prometheus') {
        const { consumerMetrics } = await import('../../jobs/metrics.ts');
        this.log((await (await consumerMetrics(work)).metrics()).trimEnd());
      }
      const lags = await work.lag();
      if (flags.format === 'text') {
        for (const { group, topic, partition, position, end, lag } of lags) {
          this.log(`${group.padEnd(14)} ${topic}/${partition}  ${lag} behind (${position} of ${end})`);
        }
      }
      return lags;
    });
  }
}
