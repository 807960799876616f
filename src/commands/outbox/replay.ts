import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';

export default class OutboxReplay extends BaseCommand {
  static override summary = 'Publish refused events again, with all their attempts';
  static override description =
    'For events that are dead, or wait for another try: when what the log refused them for is mended. Written to the audit log.';
  static override examples = [
    '<%= config.bin %> outbox replay 0190c1d2-…',
    '<%= config.bin %> outbox replay --dead',
  ];
  static override args = { id: Args.string({ description: 'id of the event' }) };
  static override flags = { dead: Flags.boolean({ description: 'every dead event', default: false }) };

  async run(): Promise<{ replayed: number }> {
    const { args, flags } = await this.parse(OutboxReplay);
    const { id } = args;
    if ((id === undefined) !== flags.dead) this.usage('name one event by its id, or all dead ones by --dead');
    const { operator } = await import('../../app/operator.ts');
    const replayed = await this.withApp(async (app) => {
      const { manageOutbox } = await app.work();
      if (id === undefined) return manageOutbox.replayDead(operator());
      await manageOutbox.replay(operator(), id);
      return 1;
    });
    this.log(`${replayed} to be published again`);
    return { replayed };
  }
}
