import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { ScheduleView } from '../../domain/use-cases/manage-schedules.ts';

export default class SchedulesDisable extends BaseCommand {
  static override summary = 'Disable a schedule';
  static override examples = ['<%= config.bin %> schedules disable purge-events'];
  static override args = { name: Args.string({ description: 'its name', required: true }) };

  async run(): Promise<ScheduleView> {
    const { args } = await this.parse(SchedulesDisable);
    const { operator } = await import('../../app/operator.ts');
    const schedule = await this.withApp(async (app) =>
      (await app.control()).schedules.edit(operator(), args.name, { enabled: false }),
    );
    this.log(`${schedule.name} is disabled`);
    return schedule;
  }
}
