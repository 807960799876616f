import { Args } from '@oclif/core';
import { BaseCommand } from '../../../base-command.ts';

export default class EventsDeadReplay extends BaseCommand {
  static override summary = 'Handle a dead message now, once, because the cause is gone';
  static override args = { id: Args.string({ description: 'of the dead letter', required: true }) };

  async run(): Promise<{ readonly id: string; readonly handled: boolean }> {
    const { id } = (await this.parse(EventsDeadReplay)).args;
    const [{ deadLettersOf }, { operator }] = await Promise.all([
      import('../../../app/dead-letters.ts'),
      import('../../../app/operator.ts'),
    ]);
    const handled = await this.withApp((app) => deadLettersOf(app).manage.replay(operator(), id));
    this.log(handled ? `${id}: handled` : `${id}: had been handled before, nothing was done`);
    return { id, handled };
  }
}
