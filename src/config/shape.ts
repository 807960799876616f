import type { Queue } from '../domain/shared/job.ts';
import type { Settings } from './settings.ts';

export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      /** What the address says. `DB_HOST` says mysql; only the server itself knows (`SELECT VERSION()`). */
      readonly kind: 'mysql' | 'mariadb';
      readonly host: string;
      readonly port: number;
      readonly name: string;
      readonly user: string;
      readonly password: string;
      readonly poolSize: number;
    };

export interface KafkaConfig {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ordersTopic: string;
  readonly stockTopic: string;
  readonly idempotence: boolean;
  /** -1 is all in-sync replicas. */
  readonly acks: -1 | 1;
  readonly retries: number;
  readonly compression: 'none' | 'gzip';
  readonly ssl: boolean;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** Everything the program is told from outside, checked, with each mode derived once. */
export interface Config {
  readonly env: Settings['NODE_ENV'];
  readonly debug: boolean;
  readonly secretKey: string;
  /** The key is one that everybody knows; never in production. */
  readonly secretKeyIsShipped: boolean;
  readonly jwtSigningKey: string;
  /** 32 bytes. */
  readonly encryptionKey: Buffer;
  readonly database: DatabaseConfig;
  /** One URL, or the nodes of a cluster separated by commas. Absent: memory. */
  readonly redisUrl?: string;
  /** Absent: jobs and schedules live in the SQL database. */
  readonly mongoUrl?: string;
  /** Absent: the event log is a table of the SQL database. */
  readonly kafka?: KafkaConfig;
  readonly outbox: {
    readonly batchSize: number;
    readonly maxAttempts: number;
    readonly retryBaseSeconds: number;
    readonly maxBackoffSeconds: number;
    readonly sendTimeoutSeconds: number;
  };
  readonly webhooks: {
    /** Internal addresses, over plain HTTP too. */
    readonly allowPrivate: boolean;
    readonly timeoutSeconds: number;
    readonly maxAttempts: number;
    /** Milliseconds. */
    readonly backoff: { readonly base: number; readonly ceiling: number };
    readonly disableAfterSeconds: number;
    readonly secretOverlapSeconds: number;
  };
  /** The configured name of each logical queue. */
  readonly queues: Readonly<Record<Queue, string>>;
  readonly jobs: {
    readonly concurrency: number;
    readonly retryDelaySeconds: number;
    readonly softTimeoutSeconds: number;
    readonly timeoutSeconds: number;
    /** After so long a worker process that a job blocks is replaced. */
    readonly blockedSeconds: number;
    readonly eager: boolean;
  };
  readonly http: {
    /** Absent: the default of the role (127.0.0.1 for `up`, 0.0.0.0 for `serve`). */
    readonly host?: string;
    readonly port: number;
    readonly publicUrl: string;
    readonly allowedHosts: readonly string[];
    readonly corsOrigins: readonly string[];
    readonly trustedProxies: readonly string[];
  };
  readonly monitorPort: number;
  /** Absent: only this machine and staff read the metrics. */
  readonly metricsToken?: string;
  /** Absent: no role shows metrics. */
  readonly metricsPort?: number;
  readonly logging: { readonly level: Settings['LOG_LEVEL']; readonly format: 'console' | 'json' };
  /** Absolute, as is `mediaRoot`. */
  readonly dataDir: string;
  readonly mediaRoot: string;
  readonly mail: {
    readonly smtpUrl?: string;
    readonly from: string;
    /** Who is told of what needs a person; empty: every active admin. */
    readonly alerts: readonly string[];
  };
  readonly superuser: {
    readonly create: boolean;
    readonly username: string;
    readonly email: string;
    readonly password: string;
    /** The password is the one of the documentation. */
    readonly passwordIsShipped: boolean;
  };
  readonly pricing: {
    /** The currency of the shop's books. */
    readonly baseCurrency: string;
    readonly maxRateAgeDays: number;
    /** Where reference rates are fetched. */
    readonly ratesUrl?: string;
  };
  readonly orders: { readonly expirationMinutes: number };
  readonly payments: {
    /** Absent: nothing can be paid, only in production. */
    readonly gateway?: 'mock' | 'stripe';
    readonly capture: 'automatic' | 'manual';
  };
  readonly stripe?: { readonly apiKey: string; readonly webhookSecret: string; readonly apiBase?: string };
  /** What works but deserves attention: old names, settings without effect. For people; no secrets. */
  readonly warnings: readonly string[];
}
