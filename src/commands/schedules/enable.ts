import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { ScheduleView } from '../../domain/use-cases/manage-schedules.ts';

export default class SchedulesEnable extends BaseCommand {
  static override summary = 'Enable a schedule';
  static override examples = ['<%= config.bin %> schedules enable purge-events'];
  static override args = { name: Args.string({ description: 'its name', required: true }) };

  async run(): Promise<ScheduleView> {
    const { args } = await this.parse(SchedulesEnable);
    const { operator } = await import('../../app/operator.ts');
    const schedule = await this.withApp(async (app) =>
      (await app.control()).schedules.edit(operator(), args.name, { enabled: true }),
    );
    this.log(`${schedule.name} is enabled`);
    return schedule;
  }
}
