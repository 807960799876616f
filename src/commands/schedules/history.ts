import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { ScheduleRun } from '../../domain/jobs/schedule.store.ts';
import type { Page } from '../../domain/shared/page.ts';

export default class SchedulesHistory extends BaseCommand {
  static override summary = 'Show what became of the ticks of schedules, the newest first';
  static override examples = ['<%= config.bin %> schedules history expire-unpaid-orders --limit 5'];
  static override args = { name: Args.string({ description: 'of this schedule only' }) };
  static override flags = {
    limit: Flags.integer({ description: 'ticks on a page', min: 1, max: 500, default: 50 }),
    cursor: Flags.string({ description: 'the next page, as the last one named it' }),
  };

  async run(): Promise<Page<ScheduleRun>> {
    const { args, flags } = await this.parse(SchedulesHistory);
    const { limit, cursor } = flags;
    const { textTable } = await import('../../app/text-table.ts');
    const page = await this.withApp(async (app) =>
      (await app.control()).schedules.history(args.name, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    const rows = page.items.map((run) => [
      run.schedule,
      run.tickAt.toISOString(),
      run.outcome,
      run.jobKey ?? '',
    ]);
    for (const line of textTable([['schedule', 'tick', 'outcome', 'key of the job'], ...rows]))
      this.log(line);
    if (page.nextCursor !== undefined) this.log(`more: --cursor ${page.nextCursor}`);
    return page;
  }
}
