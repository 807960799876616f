import { JobsCommand, whichJobs } from '../../changing-jobs.ts';
import type { ChangedJobs } from '../../domain/use-cases/manage-jobs.ts';

export default class JobsDelete extends JobsCommand {
  static override summary = 'Delete jobs that do not run';
  static override description = 'With what is known of their tries.';
  static override examples = ['<%= config.bin %> jobs delete ID ...'];
  static override flags = whichJobs;
  static override strict = false;

  async run(): Promise<ChangedJobs> {
    const { argv, flags } = await this.parse(JobsDelete);
    return this.changeJobs('delete', argv.map(String), flags);
  }
}
