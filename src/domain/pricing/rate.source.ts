import type { RateLeg } from '../shared/exchange.ts';

/** Somebody who publishes exchange rates. Asked outside transactions only. */
export interface RateSource {
  /**
   * The newest quotation of each pair that it has; decimals as it writes them, with whatever currencies it knows.
   * @throws DomainError unavailable when it does not answer, or answers what cannot be understood
   */
  latest(): Promise<readonly RateLeg[]>;
}
