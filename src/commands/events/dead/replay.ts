import { Flags } from '@oclif/core';
import { BaseCommand, EXIT } from '../../../base-command.ts';
import type { Replays } from '../../../domain/use-cases/manage-dead-letters.ts';

interface Replayed {
  readonly id: string;
  readonly handled: boolean;
}

export default class EventsDeadReplay extends BaseCommand {
  static override summary = 'Handle dead messages now, once each, because the cause is gone';
  static override description =
    'The oldest first; what still cannot be handled stays, and does not keep the others. Exits with 1 when any stays. Written to the audit log.';
  static override examples = [
    '<%= config.bin %> events dead replay ID ...',
    '<%= config.bin %> events dead replay --group notifications --type order.paid.v1',
    '<%= config.bin %> events dead replay --all --json',
  ];
  static override strict = false;
  static override flags = {
    group: Flags.string({ description: 'every one of this consumer group' }),
    type: Flags.string({ description: 'every one of this type of event' }),
    all: Flags.boolean({ description: 'every one', default: false }),
  };

  async run(): Promise<Replayed | Replays> {
    const { argv, flags } = await this.parse(EventsDeadReplay);
    const { group, type, all } = flags;
    const ids = argv.map(String);
    const byFilter = group !== undefined || type !== undefined;
    if ([ids.length > 0, byFilter, all].filter(Boolean).length !== 1)
      this.usage('name messages by their ids, or by --group and --type, or all of them by --all');
    const [{ deadLettersOf }, { operator }] = await Promise.all([
      import('../../../app/dead-letters.ts'),
      import('../../../app/operator.ts'),
    ]);
    return this.withApp(async (app) => {
      const { manage } = deadLettersOf(app);
      const [id] = ids;
      if (id !== undefined && ids.length === 1) return this.#told(id, await manage.replay(operator(), id));
      return this.#summed(
        await manage.replayEach(operator(), ids.length > 0 ? ids : manage.dead({ group, type })),
      );
    });
  }

  #told(id: string, handled: boolean): Replayed {
    this.log(handled ? `${id}: handled` : `${id}: had been handled before, nothing was done`);
    return { id, handled };
  }

  #summed(replays: Replays): Replays {
    const { handled, repeated, failed } = replays;
    this.log(`${handled} handled, ${repeated} had been handled before, ${failed.length} stay`);
    for (const { id, reason } of failed) this.log(`${id}: ${reason}`);
    if (failed.length > 0) process.exitCode = EXIT.failed;
    return replays;
  }
}
