import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { OutboxItem, OutboxStatus } from '../../domain/eventstream/outbox.store.ts';
import type { Page } from '../../domain/shared/page.ts';

const STATUSES = ['pending', 'sent', 'dead', 'skipped'] as const satisfies readonly OutboxStatus[];

export default class OutboxList extends BaseCommand {
  static override summary = 'List events of the outbox, newest first';
  static override examples = [
    '<%= config.bin %> outbox list --status dead',
    '<%= config.bin %> outbox list --aggregate 0190c1d2-… --json',
  ];
  static override flags = {
    status: Flags.option({ description: 'only these', options: STATUSES })(),
    aggregate: Flags.string({ description: 'only of this order or stock level, by its id' }),
    limit: Flags.integer({ description: 'events at most', min: 1, max: 1000, default: 50 }),
    cursor: Flags.string({ description: 'nextCursor of the page before' }),
  };

  async run(): Promise<Page<OutboxItem>> {
    const { flags } = await this.parse(OutboxList);
    const { status, aggregate: aggregateId, limit, cursor } = flags;
    const page = await this.withApp(async (app) =>
      (await app.work()).outbox.list(
        { status, aggregateId },
        { limit, ...(cursor === undefined ? {} : { cursor }) },
      ),
    );
    for (const item of page.items) {
      const { id, type, aggregateId: of, sequence, attempts, lastError } = item;
      this.log(
        `${id}  ${item.status.padEnd(7)}  ${of} #${sequence}  ${type}${attempts > 0 ? `  ${attempts} refusals: ${lastError ?? ''}` : ''}`,
      );
    }
    if (page.items.length === 0) this.log('none');
    if (page.nextCursor !== undefined) this.log(`more: --cursor ${page.nextCursor}`);
    return page;
  }
}
