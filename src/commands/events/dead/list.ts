import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../base-command.ts';
import type { DeadLetter } from '../../../domain/eventstream/dead-letter.ts';

export default class EventsDeadList extends BaseCommand {
  static override summary = 'List the messages that consumers could not take, the oldest first';
  static override examples = ['<%= config.bin %> events dead list --group notifications'];
  static override flags = {
    group: Flags.string({ description: 'of one consumer group' }),
    type: Flags.string({ description: 'of one type of event' }),
    status: Flags.option({
      description: 'what became of them',
      options: ['dead', 'replayed', 'skipped'] as const,
      default: 'dead',
    })(),
    limit: Flags.integer({ description: 'how many', min: 1, max: 1000, default: 50 }),
  };

  async run(): Promise<readonly DeadLetter[]> {
    const { group, type, status, limit } = (await this.parse(EventsDeadList)).flags;
    const { deadLettersOf } = await import('../../../app/dead-letters.ts');
    const { items } = await this.withApp((app) =>
      deadLettersOf(app).letters.page({ group, type, status }, { limit }),
    );
    if (items.length === 0) this.log(`no ${status} messages`);
    for (const { id, createdAt, group: of, topic, partition, position, eventType, cause } of items) {
      const where = `${of} ${topic}/${partition}@${position}`;
      this.log(
        `${id}  ${createdAt.toISOString()}  ${where}  ${eventType ?? '?'}  ${cause.split('\n')[0] ?? ''}`,
      );
    }
    return items;
  }
}
