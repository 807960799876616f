import { JobsCommand, whichJobs } from '../../changing-jobs.ts';
import type { ChangedJobs } from '../../domain/use-cases/manage-jobs.ts';

export default class JobsCancel extends JobsCommand {
  static override summary = 'Cancel jobs that wait or run';
  static override description =
    'A running handler is asked to stop; what it does from then on changes its job no more.';
  static override examples = ['<%= config.bin %> jobs cancel ID ...'];
  static override flags = whichJobs;
  static override strict = false;

  async run(): Promise<ChangedJobs> {
    const { argv, flags } = await this.parse(JobsCancel);
    return this.changeJobs('cancel', argv.map(String), flags);
  }
}
