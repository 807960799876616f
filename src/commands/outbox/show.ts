import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { OutboxDetail } from '../../domain/eventstream/outbox.store.ts';

export default class OutboxShow extends BaseCommand {
  static override summary = 'Show one event of the outbox, with its payload and what keeps it back';
  static override args = { id: Args.string({ description: 'id of the event', required: true }) };

  async run(): Promise<OutboxDetail> {
    const { args } = await this.parse(OutboxShow);
    const { notFound } = await import('../../domain/shared/errors.ts');
    const found = await this.withApp(async (app) => (await app.work()).outbox.find(args.id));
    if (found === undefined) throw notFound(`event ${args.id}`);
    this.log(JSON.stringify(found, undefined, 2));
    return found;
  }
}
