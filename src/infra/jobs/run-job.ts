import type { Job } from 'agenda';
import type { JobHandler } from '../../domain/jobs/job-runner.ts';
import { runInContext } from '../../domain/shared/context.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { type HeldJobs, WorkerStops } from './held-jobs.ts';
import { JobEnvelope } from './job-view.ts';

export interface JobLimits {
  readonly softTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  /** How long a claim holds without a sign of life. */
  readonly lockSeconds: number;
}

/**
 * Runs one try of a job: under the context of its cause, and not longer than allowed. A handler that ignores the
 * signal goes on, but its job is over: what it does late changes no state of the job.
 *
 * @throws WorkerStops when it ended because it was asked to: it is to be given back
 */
export async function runJob(
  handler: JobHandler,
  { attrs }: Job,
  heldJobs: HeldJobs,
  limits: JobLimits,
): Promise<void> {
  const jobId = attrs._id ?? '';
  const held = heldJobs.get(jobId);
  const abort = new AbortController();
  const late = (seconds: number) => new DomainError('timeout', `the job took more than ${seconds} s`);
  let end: (reason: Error) => void = () => undefined;
  const cutOff = new Promise<never>((_, reject) => {
    end = reject;
  });
  // Nobody waits for it yet, or ever: data that is no envelope fails before, and may be cancelled until that is stored.
  cutOff.catch(() => undefined);
  const overdue = new AbortController();
  const timers = [
    setTimeout(() => abort.abort(late(limits.softTimeoutSeconds)), limits.softTimeoutSeconds * 1000),
    setTimeout(() => {
      overdue.abort();
      end(late(limits.timeoutSeconds));
    }, limits.timeoutSeconds * 1000),
  ];
  if (held !== undefined) {
    held.startedAt = new Date();
    held.ask = (reason) => abort.abort(reason);
    held.cutOff = (reason) => {
      abort.abort(reason);
      end(reason);
    };
  }
  try {
    const { data, correlationId = newId(), traceparent } = JobEnvelope.parse(attrs.data);
    const context = { correlationId, ...(traceparent === undefined ? {} : { traceparent }) };
    const attempt = (attrs.failCount ?? 0) + 1;
    const result = await runInContext(context, () =>
      Promise.race([handler.run(data, { jobId, attempt, signal: abort.signal }), cutOff]),
    );
    if (held !== undefined) held.ending = { outcome: 'succeeded', result };
  } catch (thrown) {
    const { reason } = abort.signal as { reason: unknown };
    if (reason instanceof WorkerStops && isDueTo(reason, thrown)) throw reason;
    const error = toError(thrown);
    if (held !== undefined) held.ending = { outcome: overdue.signal.aborted ? 'timed-out' : 'failed', error };
    throw error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

const MAX_CAUSES = 10;

/** Also when it was wrapped, or a library told of it in its own way. */
function isDueTo(reason: WorkerStops, thrown: unknown): boolean {
  let error = thrown;
  for (let depth = 0; depth < MAX_CAUSES && typeof error === 'object' && error !== null; depth++) {
    if (error === reason || ('name' in error && error.name === 'AbortError')) return true;
    error = 'cause' in error ? error.cause : undefined;
  }
  return false;
}

/** Agenda, and the job's record, read the message and the stack of whatever was thrown, and take them for texts. */
function toError(thrown: unknown): Error {
  if (thrown instanceof Error) {
    if (hasTexts(thrown)) return thrown;
    return new Error('the handler threw an error whose message or stack is no text', { cause: thrown });
  }
  const shown = typeof thrown === 'string' ? `: ${thrown.slice(0, 200)}` : '';
  return new Error(
    `the handler threw ${thrown === null ? 'null' : `a ${typeof thrown}`}, not an error${shown}`,
  );
}

function hasTexts(error: { readonly message: unknown; readonly stack?: unknown }): boolean {
  try {
    const { message, stack } = error;
    return typeof message === 'string' && (stack === undefined || typeof stack === 'string');
  } catch {
    return false;
  }
}
