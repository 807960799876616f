import { Flags } from '@oclif/core';
import type { Control } from './app/control.ts';
import { BaseCommand, EXIT } from './base-command.ts';
import type { JobAction } from './domain/jobs/job-record.ts';
import type { ChangedJobs, ManageJobs } from './domain/use-cases/manage-jobs.ts';

/** For what ended before jobs moved to MongoDB, and what it refused. */
export const whichJobs = {
  'in-database': Flags.boolean({
    description: 'jobs that are in the database, also where jobs live in MongoDB',
    default: false,
  }),
};

export const jobsOf = (
  { jobs, jobsInDatabase }: Pick<Control, 'jobs' | 'jobsInDatabase'>,
  flags: { readonly 'in-database': boolean },
): ManageJobs => (flags['in-database'] ? jobsInDatabase : jobs);

/** What the commands share that change jobs by their ids. */
export abstract class JobsCommand extends BaseCommand {
  /** Ends with 1 when some could not be changed. */
  protected async changeJobs(
    action: JobAction,
    ids: readonly string[],
    flags: { readonly 'in-database': boolean } = { 'in-database': false },
  ): Promise<ChangedJobs> {
    const { operator } = await import('./app/operator.ts');
    const result = await this.withApp(async (app) =>
      jobsOf(await app.control(), flags).change(operator(), action, ids),
    );
    for (const id of result.changed) this.log(`${id}: ${action} done`);
    for (const id of result.unchanged) {
      this.logToStderr(`${id}: not changed (it does not exist, or its state does not allow it)`);
    }
    if (result.unchanged.length > 0) process.exitCode = EXIT.failed;
    return result;
  }
}
