import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import type { DispatchResult } from '../domain/use-cases/dispatch-outbox.ts';

export default class OutboxDispatch extends BaseCommand {
  static override summary = 'Publish the events of the outbox until SIGTERM, or once';
  static override description =
    'Any number may run. Events of one aggregate are published in order; a refused one is tried again with growing pauses, and blocks its aggregate when it is dead.';
  static override examples = [
    '<%= config.bin %> outbox-dispatch',
    '<%= config.bin %> outbox-dispatch --once --json',
  ];
  static override flags = {
    once: Flags.boolean({ description: 'publish what is due, then end' }),
    limit: Flags.integer({
      description: 'events to publish at most, with --once',
      min: 1,
      dependsOn: ['once'],
    }),
  };

  async run(): Promise<DispatchResult | undefined> {
    const { flags } = await this.parse(OutboxDispatch);
    const { startRelay } = await import('../jobs/relay.ts');
    if (!flags.once) {
      const { announceEventLog } = await import('../jobs/announce-event-log.ts');
      await this.runRole(async (app) => {
        await announceEventLog(app);
        const relay = await startRelay(app);
        app.log.info({}, 'relaying');
        return relay;
      });
      return undefined;
    }
    const { refuseShippedSuperuser } = await import('../app/shipped-superuser.ts');
    const total = await this.withApp(async (app) => {
      await refuseShippedSuperuser(app);
      return (await startRelay(app, flags)).done;
    });
    this.log(`${total.sent} sent, ${total.refused} refused, ${total.dead} dead`);
    return total;
  }
}
