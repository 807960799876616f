import { Args, Flags } from '@oclif/core';
import { JobsCommand } from '../../changing-jobs.ts';

export default class JobsRun extends JobsCommand {
  static override summary = 'Enqueue a job by its name, or run one now that waits for its time';
  static override examples = [
    `<%= config.bin %> jobs run orders.expire-unpaid --data '{"limit": 100}'`,
    '<%= config.bin %> jobs run 019ab9c2-7c1e-7000-8000-000000000000',
  ];
  static override args = {
    job: Args.string({ description: 'the name of a job, or the id of one that waits', required: true }),
  };
  static override flags = {
    data: Flags.string({ description: 'what the job takes, as JSON' }),
    key: Flags.string({ description: 'makes one job, however often it is run with this key' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(JobsRun);
    // A name has a dot: `orders.expire-unpaid`.
    if (!args.job.includes('.')) return this.changeJobs('run-now', [args.job]);
    const data = this.json('--data', flags.data ?? '{}');
    const { operator } = await import('../../app/operator.ts');
    const enqueued = await this.withApp(async (app) =>
      (await app.control()).jobs.enqueue(operator(), args.job, data, flags.key),
    );
    this.log(`${args.job} is enqueued, with the key ${enqueued.jobKey}`);
    return enqueued;
  }
}
