/** Counts attempts by bucket and client. @throws DomainError rate_limited with the seconds to wait */
export interface RateLimiter {
  consume(bucket: string, client: string): Promise<void>;
}
