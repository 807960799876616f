/** Exponential backoff with a ceiling, in milliseconds. */
export interface Backoff {
  readonly base: number;
  readonly ceiling: number;
}

/**
 * How long to wait before try `attempt + 1`: the exponential delay, of which a random half is taken off, so that
 * many who failed together do not come back together. `random` is in [0, 1).
 */
export function backoffDelay({ base, ceiling }: Backoff, attempt: number, random: number): number {
  const delay = Math.min(ceiling, base * 2 ** Math.min(Math.max(attempt - 1, 0), 40));
  return Math.round(delay * (1 - random / 2));
}
