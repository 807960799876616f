import { Args } from '@oclif/core';
import { BaseCommand } from '../../../base-command.ts';
import type { DeadLetter } from '../../../domain/eventstream/dead-letter.ts';

export default class EventsDeadShow extends BaseCommand {
  static override summary = 'Show one message that a consumer could not take, with the cause';
  static override args = { id: Args.string({ description: 'of the dead letter', required: true }) };

  async run(): Promise<DeadLetter> {
    const { args } = await this.parse(EventsDeadShow);
    const { deadLettersOf } = await import('../../../app/dead-letters.ts');
    const letter = await this.withApp((app) => deadLettersOf(app).manage.get(args.id));
    this.log(JSON.stringify(letter, undefined, 2));
    return letter;
  }
}
