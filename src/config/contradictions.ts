import type { FieldIssue } from '../domain/shared/errors.ts';
import { SHIPPED_PASSWORD } from '../domain/users/password-rules.ts';
import { isShippedSecret, MIN_SECRET_LENGTH } from './keys.ts';
import type { SettingName, Settings } from './settings.ts';

/** What is known beside the values themselves. */
export interface Circumstances {
  /** The values that were given, as opposed to defaults. */
  readonly given: ReadonlySet<SettingName>;
  readonly useSqlite: boolean | undefined;
  readonly createSuperuser: boolean;
}

/** A rule over several settings: broken, it is reported under the first of `of`. */
interface Rule {
  readonly of: readonly [SettingName, ...SettingName[]];
  readonly broken: (s: Settings, c: Circumstances) => boolean;
  readonly message: string;
}

const production = (s: Settings): boolean => s.NODE_ENV === 'production';
const isServer = (s: Settings): boolean => s.DATABASE_URL !== undefined && s.DATABASE_URL.kind !== 'sqlite';
const weak = (secret: string | undefined): boolean =>
  secret !== undefined && secret.length < MIN_SECRET_LENGTH;

const RULES: readonly Rule[] = [
  {
    of: ['DEBUG', 'NODE_ENV'],
    broken: (s) => production(s) && s.DEBUG,
    message: 'should be false with NODE_ENV=production',
  },
  {
    of: ['SECRET_KEY', 'NODE_ENV'],
    broken: (s) => production(s) && s.SECRET_KEY === undefined,
    message: 'should be set with NODE_ENV=production (openssl rand -base64 48)',
  },
  {
    of: ['SECRET_KEY', 'NODE_ENV'],
    broken: (s) =>
      production(s) && s.SECRET_KEY !== undefined && (isShippedSecret(s.SECRET_KEY) || weak(s.SECRET_KEY)),
    message: `should be a secret of your own of at least ${MIN_SECRET_LENGTH} characters with NODE_ENV=production (openssl rand -base64 48)`,
  },
  {
    of: ['JWT_SIGNING_KEY', 'NODE_ENV'],
    broken: (s) => production(s) && (weak(s.JWT_SIGNING_KEY) || isShippedSecret(s.JWT_SIGNING_KEY ?? '')),
    message: `should be a secret of your own of at least ${MIN_SECRET_LENGTH} characters with NODE_ENV=production`,
  },
  {
    of: ['SUPERUSER_PASSWORD', 'NODE_ENV'],
    broken: (s, c) =>
      production(s) &&
      s.SUPERUSER_PASSWORD === SHIPPED_PASSWORD &&
      (c.createSuperuser || c.given.has('SUPERUSER_PASSWORD')),
    message: 'should be a password of your own with NODE_ENV=production, or CREATE_SUPERUSER should be false',
  },
  {
    of: ['DATABASE_URL', 'DB_HOST'],
    broken: (s) => s.DATABASE_URL !== undefined && s.DB_HOST !== undefined,
    message: 'should not be set together with DB_HOST: they name two databases',
  },
  {
    of: ['DB_HOST'],
    broken: (s, c) => c.useSqlite === true && s.DB_HOST !== undefined,
    message: 'should not be set together with USE_SQLITE=true: they name two databases',
  },
  {
    of: ['DATABASE_URL'],
    broken: (s, c) => c.useSqlite === true && isServer(s),
    message: 'should not name a server together with USE_SQLITE=true',
  },
  {
    of: ['DB_HOST', 'DATABASE_URL'],
    broken: (s, c) => c.useSqlite === false && s.DB_HOST === undefined && !isServer(s),
    message: 'should be set with USE_SQLITE=false: no database server is named',
  },
  {
    of: ['DB_USER', 'DB_HOST'],
    broken: (s) => s.DB_HOST !== undefined && s.DB_USER === undefined,
    message: 'should be set together with DB_HOST',
  },
  {
    of: ['KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_ENABLED'],
    broken: (s) => s.KAFKA_ENABLED === true && !s.KAFKA_BOOTSTRAP_SERVERS?.length,
    message: 'should name the brokers (host:port, …) with KAFKA_ENABLED=true',
  },
  {
    of: ['KAFKA_PRODUCER_ACKS', 'KAFKA_PRODUCER_IDEMPOTENCE'],
    broken: (s, c) =>
      c.given.has('KAFKA_PRODUCER_IDEMPOTENCE') &&
      s.KAFKA_PRODUCER_IDEMPOTENCE &&
      s.KAFKA_PRODUCER_ACKS !== -1,
    message: 'should be all with KAFKA_PRODUCER_IDEMPOTENCE=true',
  },
  {
    of: ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
    broken: (s) =>
      new Set(
        [s.KAFKA_SASL_MECHANISM, s.KAFKA_SASL_USERNAME, s.KAFKA_SASL_PASSWORD].map((v) => v === undefined),
      ).size > 1,
    message: 'should be set together with KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: all three, or none',
  },
  {
    of: ['OUTBOX_MAX_BACKOFF_SECONDS', 'OUTBOX_RETRY_BASE_SECONDS'],
    broken: (s) => s.OUTBOX_MAX_BACKOFF_SECONDS < s.OUTBOX_RETRY_BASE_SECONDS,
    message: 'should not be less than OUTBOX_RETRY_BASE_SECONDS',
  },
  {
    of: ['WEBHOOK_MAX_BACKOFF_SECONDS', 'WEBHOOK_RETRY_BASE_SECONDS'],
    broken: (s) => s.WEBHOOK_MAX_BACKOFF_SECONDS < s.WEBHOOK_RETRY_BASE_SECONDS,
    message: 'should not be less than WEBHOOK_RETRY_BASE_SECONDS',
  },
  {
    of: ['JOB_SOFT_TIMEOUT', 'JOB_TIMEOUT'],
    broken: (s) => s.JOB_SOFT_TIMEOUT > s.JOB_TIMEOUT,
    message: 'should not be more than JOB_TIMEOUT',
  },
  {
    of: ['MONITOR_PORT', 'PORT'],
    broken: (s, c) => c.given.has('MONITOR_PORT') && s.MONITOR_PORT !== 0 && s.MONITOR_PORT === s.PORT,
    message: 'should not be the same as PORT',
  },
  {
    of: ['STRIPE_WEBHOOK_SECRET', 'STRIPE_API_KEY'],
    broken: (s) => (s.STRIPE_API_KEY === undefined) !== (s.STRIPE_WEBHOOK_SECRET === undefined),
    message: 'should be set together with STRIPE_API_KEY: both, or none',
  },
  {
    of: ['STRIPE_API_KEY', 'PAYMENT_GATEWAY'],
    broken: (s) => s.PAYMENT_GATEWAY === 'stripe' && s.STRIPE_API_KEY === undefined,
    message: 'should be set with PAYMENT_GATEWAY=stripe',
  },
];

/** Rules over settings that are wrong by themselves are left out: `wrong` names those. */
export const contradictions = (s: Settings, c: Circumstances, wrong: ReadonlySet<string>): FieldIssue[] =>
  RULES.filter((rule) => !rule.of.some((name) => wrong.has(name)) && rule.broken(s, c)).map((rule) => ({
    path: rule.of[0],
    message: rule.message,
  }));
