import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { DomainError } from '../../domain/shared/errors.ts';
import type { RedisClient } from './redis.ts';

/** Attempts a client may make in a bucket, and in how many seconds. */
export type RateLimits = Readonly<Record<string, { readonly points: number; readonly seconds: number }>>;

/** Counts in Redis when there is one, and in memory while it is away. */
export class CachedRateLimiter {
  readonly #limiters: ReadonlyMap<string, RateLimiterAbstract>;

  constructor(limits: RateLimits, redis?: RedisClient) {
    const make = ([bucket, { points, seconds }]: [string, { points: number; seconds: number }]): [
      string,
      RateLimiterAbstract,
    ] => {
      const memory = new RateLimiterMemory({ points, duration: seconds, keyPrefix: bucket });
      if (redis === undefined) return [bucket, memory];
      const shared = {
        storeClient: redis,
        points,
        duration: seconds,
        keyPrefix: `limit:${bucket}`,
        insuranceLimiter: memory,
      };
      return [bucket, new RateLimiterRedis(shared)];
    };
    this.#limiters = new Map(Object.entries(limits).map(make));
  }

  async consume(bucket: string, client: string): Promise<void> {
    try {
      await this.#limiters.get(bucket)?.consume(client);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
      throw new DomainError('rate_limited', `too many attempts: try again in ${retryAfter} s`, {
        retryAfter,
      });
    }
  }
}
