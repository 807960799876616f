import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { ScheduleView } from '../../domain/use-cases/manage-schedules.ts';

export default class SchedulesSet extends BaseCommand {
  static override summary =
    'Change when a schedule runs, and with what; or restore what the program declares';
  static override examples = [
    "<%= config.bin %> schedules set purge-events --cron '0 4 * * *' --timezone Europe/Berlin",
    `<%= config.bin %> schedules set reconcile-payments --every 90s --data '{"limit": 50}'`,
    '<%= config.bin %> schedules set purge-events --restore',
  ];
  static override args = { name: Args.string({ description: 'its name', required: true }) };
  static override flags = {
    cron: Flags.string({ description: 'five fields, or six with seconds first', exclusive: ['every'] }),
    every: Flags.string({ description: 'an interval instead: 90s, 5m, 2h, 1d' }),
    timezone: Flags.string({ description: 'the zone of the cron expression, such as Europe/Berlin' }),
    data: Flags.string({ description: 'what the job is given, as JSON' }),
    missed: Flags.option({
      description: 'what becomes of ticks that no scheduler was there for',
      options: ['run-once', 'skip'] as const,
    })(),
    restore: Flags.boolean({
      description: 'back to what the program declares',
      exclusive: ['cron', 'every', 'timezone', 'data', 'missed'],
    }),
  };

  async run(): Promise<ScheduleView> {
    const { args, flags } = await this.parse(SchedulesSet);
    const { cron, every, timezone, missed } = flags;
    const change = {
      cron: every === undefined ? cron : `@every ${every}`,
      timezone,
      missed,
      ...(flags.data === undefined ? {} : { data: this.json('--data', flags.data) }),
    };
    const { operator } = await import('../../app/operator.ts');
    const schedule = await this.withApp(async (app) => {
      const { schedules } = await app.control();
      return flags.restore
        ? schedules.restore(operator(), args.name)
        : schedules.edit(operator(), args.name, change);
    });
    this.log(
      `${schedule.name}: ${schedule.cron} (${schedule.timezone}), next run ${schedule.nextRunAt.toISOString()}`,
    );
    return schedule;
  }
}
