import { ZodError } from 'zod';
import { backoffDelay } from '../shared/backoff.ts';
import { DomainError } from '../shared/errors.ts';

/** One failed try of a job. */
export interface JobFailure {
  readonly error: unknown;
  /** 1 after the first try. */
  readonly attempt: number;
}

export interface RetryPolicy {
  /** Seconds before the second try; each later wait doubles. */
  readonly delaySeconds: number;
  readonly maxAttempts: number;
}

const MAX_DELAY_SECONDS = 3600;

/** A job whose data or target is wrong stays wrong; everything else may pass: an outage, a defect that gets mended. */
function mayPass(error: unknown): boolean {
  if (error instanceof ZodError) return false;
  if (error instanceof DomainError) {
    return error.kind === 'unavailable' || error.kind === 'rate_limited' || error.kind === 'conflict';
  }
  return true;
}

/** Milliseconds until the next try, or undefined: the job is dead, and stays to be looked at. */
export function retryDelay(failure: JobFailure, policy: RetryPolicy, random: number): number | undefined {
  if (failure.attempt >= policy.maxAttempts || !mayPass(failure.error)) return undefined;
  return backoffDelay(
    { base: policy.delaySeconds * 1000, ceiling: MAX_DELAY_SECONDS * 1000 },
    failure.attempt,
    random,
  );
}
