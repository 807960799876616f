import { BaseCommand } from '../../base-command.ts';
import type { ScheduleView } from '../../domain/use-cases/manage-schedules.ts';

export default class SchedulesList extends BaseCommand {
  static override summary = 'List the schedules: when they run, and what was changed of them';
  static override examples = ['<%= config.bin %> schedules list', '<%= config.bin %> schedules list --json'];

  async run(): Promise<{ schedules: ScheduleView[] }> {
    await this.parse(SchedulesList);
    const { textTable } = await import('../../app/text-table.ts');
    const schedules = await this.withApp(async (app) => (await app.control()).schedules.list());
    const rows = schedules.map((s) => [
      s.name,
      s.enabled ? 'enabled' : 'disabled',
      s.cron,
      s.timezone,
      s.missed,
      s.lastRunAt?.toISOString() ?? 'never',
      s.enabled ? s.nextRunAt.toISOString() : '-',
      s.changed ? 'changed' : '',
    ]);
    for (const line of textTable([
      ['name', 'state', 'when', 'zone', 'missed', 'last run', 'next run', ''],
      ...rows,
    ]))
      this.log(line);
    return { schedules };
  }
}
