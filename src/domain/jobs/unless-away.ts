import { DomainError } from '../shared/errors.ts';

/** What the job store answers; undefined while it is away, so that the rest can be told all the same. */
export async function unlessAway<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'unavailable') return undefined;
    throw error;
  }
}
