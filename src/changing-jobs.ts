import { BaseCommand, EXIT } from './base-command.ts';
import type { JobAction } from './domain/jobs/job-record.ts';
import type { ChangedJobs } from './domain/use-cases/manage-jobs.ts';

/** What the commands share that change jobs by their ids. */
export abstract class JobsCommand extends BaseCommand {
  /** Ends with 1 when some could not be changed. */
  protected async changeJobs(action: JobAction, ids: readonly string[]): Promise<ChangedJobs> {
    const { operator } = await import('./app/operator.ts');
    const result = await this.withApp(async (app) =>
      (await app.control()).jobs.change(operator(), action, ids),
    );
    for (const id of result.changed) this.log(`${id}: ${action} done`);
    for (const id of result.unchanged) {
      this.logToStderr(`${id}: not changed (it does not exist, or its state does not allow it)`);
    }
    if (result.unchanged.length > 0) process.exitCode = EXIT.failed;
    return result;
  }
}
