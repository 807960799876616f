import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';

export default class OutboxSkip extends BaseCommand {
  static override summary = 'Give a refused event up for good, so that the later ones of its aggregate go on';
  static override description =
    'Consumers will never see it. The event stays in the outbox, and the reason in the audit log.';
  static override examples = ['<%= config.bin %> outbox skip 0190c1d2-… --reason "too large, told by hand"'];
  static override args = { id: Args.string({ description: 'id of the event', required: true }) };
  static override flags = {
    reason: Flags.string({ description: 'why, for the audit log', required: true }),
  };

  async run(): Promise<{ skipped: string }> {
    const { args, flags } = await this.parse(OutboxSkip);
    const { operator } = await import('../../app/operator.ts');
    await this.withApp(async (app) =>
      (await app.work()).manageOutbox.skip(operator(), args.id, flags.reason),
    );
    this.log(`${args.id} is skipped`);
    return { skipped: args.id };
  }
}
