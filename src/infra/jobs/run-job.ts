import type { Job } from 'agenda';
import { z } from 'zod';
import type { JobHandler } from '../../domain/jobs/job-runner.ts';
import { runInContext } from '../../domain/shared/context.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';

export interface JobLimits {
  readonly softTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  /** How long a claim holds without a sign of life. */
  readonly lockSeconds: number;
}

const Envelope = z.object({
  data: z.unknown(),
  correlationId: z.string().optional(),
  traceparent: z.string().optional(),
});

/** Runs one try of a job: under the context of its cause, its lock renewed, and not longer than allowed. */
export async function runJob(handler: JobHandler, job: Job, limits: JobLimits): Promise<void> {
  const { data, correlationId = newId(), traceparent } = Envelope.parse(job.attrs.data);
  const abort = new AbortController();
  const soft = setTimeout(() => {
    abort.abort(new DomainError('timeout', `the job was asked to stop after ${limits.softTimeoutSeconds} s`));
  }, limits.softTimeoutSeconds * 1000);
  const renewal = setInterval(
    () => void job.touch().catch((error: unknown) => abort.abort(error)),
    (limits.lockSeconds * 1000) / 4,
  );
  let hard: NodeJS.Timeout | undefined;
  // A handler that ignores the signal goes on, but its job is over: what it does late changes no state of the job.
  const overdue = new Promise<never>((_, reject) => {
    const late = () =>
      reject(new DomainError('timeout', `the job took more than ${limits.timeoutSeconds} s`));
    hard = setTimeout(late, limits.timeoutSeconds * 1000);
  });
  try {
    const context = { correlationId, ...(traceparent === undefined ? {} : { traceparent }) };
    const attempt = (job.attrs.failCount ?? 0) + 1;
    await runInContext(context, () =>
      Promise.race([
        handler.run(data, { jobId: job.attrs._id ?? '', attempt, signal: abort.signal }),
        overdue,
      ]),
    );
  } catch (error) {
    // Agenda reads the message of whatever was thrown.
    throw error instanceof Error ? error : new Error(`the handler threw ${typeof error}, not an error`);
  } finally {
    clearTimeout(soft);
    clearTimeout(hard);
    clearInterval(renewal);
  }
}
