import { join, resolve } from 'node:path';
import { SHIPPED_PASSWORD } from '../domain/users/password-rules.ts';
import { DEVELOPMENT_SECRET_KEY, deriveKey, isShippedSecret } from './keys.ts';
import type { SettingName, Settings } from './settings.ts';
import type { Config, DatabaseConfig, KafkaConfig } from './shape.ts';

/** What the settings alone do not say. */
export interface Derivation {
  readonly given: ReadonlySet<SettingName>;
  readonly secretKey: string | undefined;
  readonly createSuperuser: boolean;
  readonly warnings: readonly string[];
}

function databaseOf(s: Settings, dataDir: string): DatabaseConfig {
  const target = s.DATABASE_URL;
  if (target) return target.kind === 'sqlite' ? target : { ...target, poolSize: s.DB_POOL_SIZE };
  if (s.DB_HOST === undefined) return { kind: 'sqlite', path: join(dataDir, 'crossborder.sqlite') };
  return {
    kind: 'mysql',
    host: s.DB_HOST,
    port: s.DB_PORT,
    name: s.DB_NAME,
    user: s.DB_USER ?? '',
    password: s.DB_PASSWORD ?? '',
    poolSize: s.DB_POOL_SIZE,
  };
}

/** `KAFKA_ENABLED` is a switch to turn it off; naming brokers is enough to turn it on. */
function kafkaOf(s: Settings, given: ReadonlySet<SettingName>): KafkaConfig | undefined {
  const brokers = s.KAFKA_BOOTSTRAP_SERVERS ?? [];
  if (brokers.length === 0 || s.KAFKA_ENABLED === false) return undefined;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = s;
  return {
    brokers,
    clientId: s.KAFKA_CLIENT_ID,
    ordersTopic: s.KAFKA_ORDERS_TOPIC,
    stockTopic: s.KAFKA_STOCK_TOPIC,
    idempotence:
      s.KAFKA_PRODUCER_IDEMPOTENCE &&
      (given.has('KAFKA_PRODUCER_IDEMPOTENCE') || s.KAFKA_PRODUCER_ACKS === -1),
    acks: s.KAFKA_PRODUCER_ACKS === -1 ? -1 : 1,
    retries: s.KAFKA_PRODUCER_RETRIES,
    compression: s.KAFKA_PRODUCER_COMPRESSION === 'none' ? 'none' : 'gzip',
    ssl: s.KAFKA_SSL,
    ...(mechanism && username && password ? { sasl: { mechanism, username, password } } : {}),
  };
}

/** A mock in production must be asked for by its name. */
function gatewayOf(s: Settings): 'mock' | 'stripe' | undefined {
  if (s.PAYMENT_GATEWAY !== undefined) return s.PAYMENT_GATEWAY;
  if (s.STRIPE_API_KEY !== undefined) return 'stripe';
  return s.NODE_ENV === 'production' ? undefined : 'mock';
}

function warningsOf(s: Settings, d: Derivation): string[] {
  const warnings = [...d.warnings];
  const say = (when: boolean, text: string) => when && warnings.push(text);
  const production = s.NODE_ENV === 'production';
  say(
    d.secretKey === undefined,
    'SECRET_KEY is not set: a key that everybody knows is used, for development only',
  );
  say(
    !['none', 'gzip'].includes(s.KAFKA_PRODUCER_COMPRESSION),
    `KAFKA_PRODUCER_COMPRESSION=${s.KAFKA_PRODUCER_COMPRESSION} is not available: gzip is used`,
  );
  say(
    s.KAFKA_PRODUCER_ACKS === 0,
    'KAFKA_PRODUCER_ACKS=0 would lose events without a sign: 1 is used; set it to all',
  );
  say(
    s.KAFKA_PRODUCER_ACKS === 1,
    'KAFKA_PRODUCER_ACKS=1 loses events that a broker takes with it when it dies: set it to all',
  );
  say(
    s.DB_HOST === undefined &&
      (['DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'] as const).some((name) => d.given.has(name)),
    'DB_PORT, DB_NAME, DB_USER and DB_PASSWORD have no effect without DB_HOST',
  );
  say(production && s.ALLOWED_HOSTS.includes('*'), 'ALLOWED_HOSTS=* answers every Host header');
  say(
    production && s.SMTP_URL === undefined,
    'SMTP_URL is not set: mails are written as files under DATA_DIR',
  );
  say(
    production && gatewayOf(s) === undefined,
    'there is no payment provider: paying answers 503 until STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET are set',
  );
  say(
    production && gatewayOf(s) === 'mock',
    'PAYMENT_GATEWAY=mock: payments move no money, and anybody can complete them',
  );
  say(
    production && s.JOBS_EAGER,
    'JOBS_EAGER=true makes serve do the work of the other roles: it is meant for development',
  );
  return warnings;
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });

/** The configuration that consistent settings mean. */
export function derive(s: Settings, d: Derivation): Config {
  const secretKey = d.secretKey ?? DEVELOPMENT_SECRET_KEY;
  const dataDir = resolve(s.DATA_DIR);
  const { STRIPE_API_KEY: apiKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = s;
  return {
    env: s.NODE_ENV,
    debug: s.DEBUG,
    secretKey,
    secretKeyIsShipped: isShippedSecret(secretKey),
    jwtSigningKey: s.JWT_SIGNING_KEY ?? deriveKey(secretKey, 'jwt').toString('base64url'),
    encryptionKey: s.ENCRYPTION_KEY ?? deriveKey(secretKey, 'encryption'),
    database: databaseOf(s, dataDir),
    ...optional('redisUrl', s.REDIS_URL),
    ...optional('mongoUrl', s.MONGO_URL),
    ...optional('kafka', kafkaOf(s, d.given)),
    outbox: {
      batchSize: s.OUTBOX_DISPATCH_BATCH_SIZE,
      maxAttempts: s.OUTBOX_MAX_ATTEMPTS,
      retryBaseSeconds: s.OUTBOX_RETRY_BASE_SECONDS,
      maxBackoffSeconds: s.OUTBOX_MAX_BACKOFF_SECONDS,
      sendTimeoutSeconds: s.OUTBOX_PRODUCER_SEND_TIMEOUT,
    },
    webhooks: {
      allowPrivate: s.WEBHOOKS_ALLOW_PRIVATE,
      timeoutSeconds: s.WEBHOOK_TIMEOUT_SECONDS,
      maxAttempts: s.WEBHOOK_MAX_ATTEMPTS,
      backoff: { base: s.WEBHOOK_RETRY_BASE_SECONDS * 1000, ceiling: s.WEBHOOK_MAX_BACKOFF_SECONDS * 1000 },
      disableAfterSeconds: s.WEBHOOK_DISABLE_AFTER_HOURS * 3600,
      secretOverlapSeconds: s.WEBHOOK_SECRET_OVERLAP_HOURS * 3600,
    },
    queues: {
      default: s.QUEUE_DEFAULT,
      orders: s.QUEUE_ORDERS,
      payments: s.QUEUE_PAYMENTS,
      notifications: s.QUEUE_NOTIFICATIONS,
    },
    jobs: {
      concurrency: s.WORKER_CONCURRENCY,
      retryDelaySeconds: s.JOB_RETRY_DELAY,
      softTimeoutSeconds: s.JOB_SOFT_TIMEOUT,
      timeoutSeconds: s.JOB_TIMEOUT,
      blockedSeconds: s.WORKER_BLOCKED_TIMEOUT,
      eager: s.JOBS_EAGER,
    },
    http: {
      ...optional('host', s.HOST),
      port: s.PORT,
      publicUrl: s.PUBLIC_URL ?? `http://localhost:${s.PORT}`,
      allowedHosts: s.ALLOWED_HOSTS,
      corsOrigins: s.CORS_ALLOWED_ORIGINS.map((origin) => origin.replace(/\/$/, '')),
      trustedProxies: s.TRUSTED_PROXIES,
    },
    monitorPort: s.MONITOR_PORT,
    ...(s.METRICS_TOKEN === undefined ? {} : { metricsToken: s.METRICS_TOKEN }),
    ...optional('metricsPort', s.METRICS_PORT),
    logging: { level: s.LOG_LEVEL, format: s.LOG_FORMAT },
    dataDir,
    mediaRoot: s.MEDIA_ROOT === undefined ? join(dataDir, 'media') : resolve(s.MEDIA_ROOT),
    mail: { ...optional('smtpUrl', s.SMTP_URL), from: s.MAIL_FROM, alerts: s.ALERT_EMAIL ?? [] },
    superuser: {
      create: d.createSuperuser,
      username: s.SUPERUSER_USERNAME,
      email: s.SUPERUSER_EMAIL,
      password: s.SUPERUSER_PASSWORD,
      passwordIsShipped: s.SUPERUSER_PASSWORD === SHIPPED_PASSWORD,
    },
    pricing: {
      baseCurrency: s.BASE_CURRENCY,
      maxRateAgeDays: s.EXCHANGE_RATE_MAX_AGE_DAYS,
      ...optional('ratesUrl', s.EXCHANGE_RATES_URL),
    },
    orders: { expirationMinutes: s.ORDER_EXPIRATION_MINUTES },
    payments: { ...optional('gateway', gatewayOf(s)), capture: s.PAYMENT_CAPTURE },
    ...(apiKey && webhookSecret
      ? { stripe: { apiKey, webhookSecret, ...optional('apiBase', s.STRIPE_API_BASE) } }
      : {}),
    warnings: warningsOf(s, d),
  };
}
