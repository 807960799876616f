import { JobsCommand, whichJobs } from '../../changing-jobs.ts';
import type { ChangedJobs } from '../../domain/use-cases/manage-jobs.ts';

export default class JobsRetry extends JobsCommand {
  static override summary = 'Run jobs again that are dead, cancelled or done';
  static override description = 'Their failures are forgotten; what a job did before it does once more.';
  static override examples = ['<%= config.bin %> jobs retry ID ...'];
  static override flags = whichJobs;
  static override strict = false;

  async run(): Promise<ChangedJobs> {
    const { argv, flags } = await this.parse(JobsRetry);
    return this.changeJobs('retry', argv.map(String), flags);
  }
}
