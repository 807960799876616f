import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { jobsOf, whichJobs } from '../../changing-jobs.ts';
import type { JobSummary } from '../../domain/jobs/job-record.ts';
import type { Page } from '../../domain/shared/page.ts';

const STATES = ['ready', 'scheduled', 'retrying', 'running', 'succeeded', 'dead', 'cancelled'] as const;

export default class JobsList extends BaseCommand {
  static override summary = 'List jobs, the newest first';
  static override examples = [
    '<%= config.bin %> jobs list --state dead',
    '<%= config.bin %> jobs list --queue payments --text 019a --json',
  ];
  static override flags = {
    ...whichJobs,
    state: Flags.option({ description: 'only jobs in this state', options: STATES })(),
    queue: Flags.string({ description: 'only jobs of this queue' }),
    name: Flags.string({ description: 'only jobs of this name' }),
    text: Flags.string({ description: 'only jobs with this in their id, name, data, key or error' }),
    limit: Flags.integer({ description: 'jobs on a page', min: 1, max: 500, default: 50 }),
    cursor: Flags.string({ description: 'the next page, as the last one named it' }),
  };

  async run(): Promise<Page<JobSummary>> {
    const { flags } = await this.parse(JobsList);
    const { limit, cursor, ...filter } = flags;
    const { textTable } = await import('../../app/text-table.ts');
    const page = await this.withApp(async (app) =>
      jobsOf(await app.control(), flags).page(filter, { limit, ...(cursor === undefined ? {} : { cursor }) }),
    );
    const rows = page.items.map((job) => [
      job.id,
      job.state,
      job.name,
      job.queue,
      job.createdAt.toISOString(),
      String(job.failures),
      (job.error ?? '').slice(0, 60),
    ]);
    for (const line of textTable([['id', 'state', 'name', 'queue', 'created', 'failures', 'error'], ...rows]))
      this.log(line);
    if (page.nextCursor !== undefined) this.log(`more: --cursor ${page.nextCursor}`);
    return page;
  }
}
