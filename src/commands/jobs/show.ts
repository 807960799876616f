import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { jobsOf, whichJobs } from '../../changing-jobs.ts';
import type { JobDetail } from '../../domain/jobs/job-record.ts';

export default class JobsShow extends BaseCommand {
  static override summary = 'Show a job with its data, result and every try';
  static override examples = ['<%= config.bin %> jobs show 019ab9c2-7c1e-7000-8000-000000000000'];
  static override args = { id: Args.string({ description: 'its id', required: true }) };
  static override flags = whichJobs;

  async run(): Promise<JobDetail> {
    const { args, flags } = await this.parse(JobsShow);
    const job = await this.withApp(async (app) => jobsOf(await app.control(), flags).get(args.id));
    const { attempts, ...facts } = job;
    for (const [name, value] of Object.entries(facts)) {
      if (value !== undefined)
        this.log(`${name.padEnd(14)} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    }
    for (const { startedAt, endedAt, outcome, worker, error, stack } of attempts) {
      if (outcome === 'retried') {
        this.log(`retried by hand at ${startedAt.toISOString()}`);
        continue;
      }
      const milliseconds = endedAt.getTime() - startedAt.getTime();
      this.log(
        `try of ${startedAt.toISOString()}: ${outcome} after ${milliseconds} ms on ${worker ?? 'an unknown worker'}`,
      );
      if (error !== undefined) this.log(`  ${(stack ?? error).replaceAll('\n', '\n  ')}`);
    }
    return job;
  }
}
