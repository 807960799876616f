import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../../base-command.ts';

export default class EventsDeadSkip extends BaseCommand {
  static override summary = 'Give a dead message up for good';
  static override args = { id: Args.string({ description: 'of the dead letter', required: true }) };
  static override flags = { reason: Flags.string({ description: 'why, for the audit log' }) };

  async run(): Promise<{ readonly id: string }> {
    const { args, flags } = await this.parse(EventsDeadSkip);
    const [{ deadLettersOf }, { operator }] = await Promise.all([
      import('../../../app/dead-letters.ts'),
      import('../../../app/operator.ts'),
    ]);
    await this.withApp((app) => deadLettersOf(app).manage.skip(operator(), args.id, flags.reason));
    this.log(`${args.id}: skipped`);
    return { id: args.id };
  }
}
