import type { Job } from 'agenda';
import { z } from 'zod';
import type { JobHandler } from '../../domain/jobs/job-runner.ts';
import { runInContext } from '../../domain/shared/context.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { type ClaimingRepository, LockLost } from './held-jobs.ts';

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

/**
 * Runs one try of a job: under the context of its cause, its lock renewed, and not longer than allowed. A handler
 * that ignores the signal goes on, but its job is over: what it does late changes no state of the job.
 */
export async function runJob(
  handler: JobHandler,
  { attrs }: Job,
  store: Pick<ClaimingRepository, 'renew'>,
  limits: JobLimits,
): Promise<unknown> {
  const { data, correlationId = newId(), traceparent } = Envelope.parse(attrs.data);
  const jobId = attrs._id ?? '';
  const abort = new AbortController();
  const late = (seconds: number) => new DomainError('timeout', `the job took more than ${seconds} s`);
  let cutOff: (reason: Error) => void = () => undefined;
  const overdue = new Promise<never>((_, reject) => {
    cutOff = reject;
  });
  const timers = [
    setTimeout(() => abort.abort(late(limits.softTimeoutSeconds)), limits.softTimeoutSeconds * 1000),
    setTimeout(() => cutOff(late(limits.timeoutSeconds)), limits.timeoutSeconds * 1000),
  ];
  const renewal = setInterval(
    () =>
      void store.renew(jobId).catch((error: unknown) => {
        if (!(error instanceof LockLost)) return;
        abort.abort(error);
        cutOff(error);
      }),
    (limits.lockSeconds * 1000) / 4,
  );
  try {
    const context = { correlationId, ...(traceparent === undefined ? {} : { traceparent }) };
    const attempt = (attrs.failCount ?? 0) + 1;
    return await runInContext(context, () =>
      Promise.race([handler.run(data, { jobId, attempt, signal: abort.signal }), overdue]),
    );
  } catch (error) {
    // Agenda reads the message of whatever was thrown.
    throw error instanceof Error ? error : new Error(`the handler threw ${typeof error}, not an error`);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    clearInterval(renewal);
  }
}
