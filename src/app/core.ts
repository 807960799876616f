import type { Config } from '../config.ts';
import type { Clock } from '../domain/shared/clock.ts';
import type { Log } from '../domain/shared/log.ts';
import type { Database } from '../domain/use-cases/tx.ts';
import type { RateLimits } from '../infra/cache/rate-limiter.ts';
import type { RedisClient } from '../infra/cache/redis.ts';
import type { SignalSource } from '../infra/cache/redis-signals.ts';
import type { OpenConnections } from '../infra/db/open-database.ts';
import type { Metrics } from '../infra/log/metrics.ts';

/** What every part of the program is built from. */
export interface Core {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: OpenConnections;
  readonly db: Database;
  readonly redis: RedisClient | undefined;
  /** Of commits: of other processes too, where there is Redis. */
  readonly signals: SignalSource;
  readonly metrics: Metrics;
}

/** Only these may be replaced in tests: time, the log, rate limits, third parties and faults. */
export interface Overrides {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly limits?: RateLimits;
}
