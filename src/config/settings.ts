import { z } from 'zod';
import { isCurrency } from '../domain/shared/currency.ts';
import { MIN_PASSWORD_LENGTH, SHIPPED_PASSWORD } from '../domain/users/password-rules.ts';
import { DATABASE_NAME, databaseUrl } from './database-url.ts';
import * as is from './values.ts';

/** What people are told about a setting: in .env.example, in the documentation, in `doctor`. */
export interface About {
  readonly section: string;
  readonly summary: string;
  /** The text that gives the default value; absent where there is none, or where it follows from other settings. */
  readonly fallback?: string;
  readonly secret?: boolean;
}

export const about = z.registry<About>();

type Kind<T> = z.ZodType<T, string>;

const optional = <T>(section: string, kind: Kind<T>, summary: string) =>
  kind.optional().register(about, { section, summary });

const secret = <T>(section: string, kind: Kind<T>, summary: string) =>
  kind.optional().register(about, { section, summary, secret: true });

const setting = <T>(section: string, kind: Kind<T>, fallback: string, summary: string) =>
  kind.prefault(fallback).register(about, { section, summary, fallback });

const name = () =>
  is.matching('a name of letters, digits, dots, dashes and underscores', /^[A-Za-z0-9._-]{1,120}$/);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** `all` is Kafka's own word for -1. */
const acks = () =>
  is.parsed('all, 1 or 0', (text) =>
    /^(?:all|-1)$/i.test(text) ? -1 : text === '1' ? 1 : text === '0' ? 0 : undefined,
  );

const currency = () =>
  is.parsed('an ISO 4217 currency code', (text) => (isCurrency(text) ? text : undefined));

const password = () =>
  is.parsed(`at least ${MIN_PASSWORD_LENGTH} characters`, (text) =>
    text === SHIPPED_PASSWORD || text.length >= MIN_PASSWORD_LENGTH ? text : undefined,
  );

const GENERAL = 'General';
const HTTP = 'HTTP';
const DATABASE = 'Database';
const SERVICES = 'Other services';
const KAFKA = 'Kafka';
const OUTBOX = 'Outbox';
const WEBHOOKS = 'Outgoing webhooks';
const JOBS = 'Jobs';
const MAIL = 'Mail';
const SUPERUSER = 'Superuser';
const SHOP = 'Shop';

/** Every setting there is, by the name of its environment variable. */
export const settingsSchema = z.strictObject({
  NODE_ENV: setting(
    GENERAL,
    is.oneOf(['development', 'test', 'production']),
    'development',
    'what the program runs for; production refuses every shipped secret',
  ),
  DEBUG: setting(GENERAL, is.flag(), 'false', 'verbose errors in answers; refused in production'),
  SECRET_KEY: secret(
    GENERAL,
    is.anyText(),
    'signs and encrypts; at least 32 characters in production (openssl rand -base64 48). Without it `up` makes one in DATA_DIR',
  ),
  JWT_SIGNING_KEY: secret(GENERAL, is.anyText(), 'signs access tokens; derived from SECRET_KEY when absent'),
  ENCRYPTION_KEY: secret(
    GENERAL,
    is.key256(),
    'encrypts identity numbers at rest: 32 bytes (openssl rand -hex 32); derived from SECRET_KEY when absent',
  ),
  DATA_DIR: setting(GENERAL, is.anyText(), './var', 'where the embedded mode keeps its files'),
  MEDIA_ROOT: optional(GENERAL, is.anyText(), 'product images; the folder media in DATA_DIR when absent'),
  LOG_LEVEL: setting(
    GENERAL,
    is.oneOf(LOG_LEVELS, { warning: 'warn', critical: 'fatal' }),
    'info',
    LOG_LEVELS.join(', '),
  ),
  LOG_FORMAT: setting(
    GENERAL,
    is.oneOf(['console', 'json']),
    'console',
    'console for people, json for machines',
  ),

  HOST: optional(
    HTTP,
    is.host(),
    'the address to listen on; when absent 127.0.0.1 for `up` and 0.0.0.0 for `serve`',
  ),
  PORT: setting(HTTP, is.port(), '8000', 'the port of the API'),
  PUBLIC_URL: optional(
    HTTP,
    is.baseUrl(),
    'the address that links point to; http://localhost:PORT when absent',
  ),
  ALLOWED_HOSTS: setting(
    HTTP,
    is.hostPatterns(),
    'localhost,127.0.0.1',
    'Host headers that are answered; others get 400',
  ),
  CORS_ALLOWED_ORIGINS: setting(HTTP, is.origins(), '', 'web origins that may call the API from a browser'),
  TRUSTED_PROXIES: setting(HTTP, is.networks(), '', 'proxies whose X-Forwarded-* headers are believed'),
  METRICS_PORT: optional(
    HTTP,
    is.port(),
    'every role also answers GET /metrics here (Prometheus, on HOST or else 127.0.0.1); when absent none does',
  ),
  MONITOR_PORT: setting(HTTP, is.port(), '5555', 'the port of `monitor`'),
  METRICS_TOKEN: secret(
    HTTP,
    is.anyText(),
    'bearer token that scrapers of the monitor send; when absent only this machine and staff may read /metrics',
  ),

  DATABASE_URL: secret(
    DATABASE,
    databaseUrl(),
    'sqlite:PATH, mysql://… or mariadb://…; when absent the DB_* settings, or else a SQLite file in DATA_DIR',
  ),
  DB_HOST: optional(DATABASE, is.host(), 'host of a MySQL or MariaDB server; needs DB_USER'),
  DB_PORT: setting(DATABASE, is.integer(1, 65_535, 'a port number'), '3306', 'its port'),
  DB_NAME: setting(
    DATABASE,
    is.matching('a database name of at most 64 letters, digits, - and _', DATABASE_NAME),
    'crossborder_trade',
    'its database; `migrate` creates it',
  ),
  DB_USER: optional(DATABASE, is.anyText(), 'its user'),
  DB_PASSWORD: secret(DATABASE, is.anyText(), "its user's password"),
  DB_POOL_SIZE: setting(DATABASE, is.integer(2, 1000), '10', 'connections per process; migrations need two'),

  REDIS_URL: secret(
    SERVICES,
    is.urls('redis', 'rediss'),
    'cache, rate limits and locks; memory of this process when absent',
  ),
  MONGO_URL: secret(
    SERVICES,
    is.urls('mongodb', 'mongodb+srv'),
    'jobs and schedules; the SQL database when absent',
  ),

  KAFKA_ENABLED: optional(
    KAFKA,
    is.flag(),
    'the event log is Kafka; when absent, true as soon as KAFKA_BOOTSTRAP_SERVERS is set',
  ),
  KAFKA_BOOTSTRAP_SERVERS: optional(KAFKA, is.hostPorts(), 'host:port of some brokers, separated by commas'),
  KAFKA_CLIENT_ID: setting(KAFKA, name(), 'crossborder-trade-api', 'how brokers name this program'),
  KAFKA_ORDERS_TOPIC: setting(KAFKA, name(), 'order-events', 'topic of order, payment and shipment events'),
  KAFKA_STOCK_TOPIC: setting(KAFKA, name(), 'stock-events', 'topic of stock events'),
  KAFKA_PRODUCER_IDEMPOTENCE: setting(
    KAFKA,
    is.flag(),
    'true',
    'brokers drop repeated batches; needs KAFKA_PRODUCER_ACKS=all',
  ),
  KAFKA_PRODUCER_ACKS: setting(KAFKA, acks(), 'all', 'all, or 1, which warns; 0 warns and means 1'),
  KAFKA_PRODUCER_RETRIES: setting(
    KAFKA,
    is.integer(0, 100),
    '5',
    'retries of one send; the outbox retries beyond them',
  ),
  KAFKA_PRODUCER_COMPRESSION: setting(
    KAFKA,
    is.oneOf(COMPRESSIONS),
    'gzip',
    'none or gzip; snappy, lz4 and zstd warn and mean gzip',
  ),
  KAFKA_SSL: setting(KAFKA, is.flag(), 'false', 'TLS to the brokers'),
  KAFKA_SASL_MECHANISM: optional(KAFKA, is.oneOf(MECHANISMS), MECHANISMS.join(', ')),
  KAFKA_SASL_USERNAME: optional(KAFKA, is.anyText(), 'user of the brokers'),
  KAFKA_SASL_PASSWORD: secret(KAFKA, is.anyText(), 'its password'),

  OUTBOX_DISPATCH_BATCH_SIZE: setting(
    OUTBOX,
    is.integer(1, 10_000),
    '50',
    'events sent at once; ten times as many are claimed together',
  ),
  OUTBOX_MAX_ATTEMPTS: setting(OUTBOX, is.integer(1, 1000), '5', 'attempts before an event is dead'),
  OUTBOX_RETRY_BASE_SECONDS: setting(
    OUTBOX,
    is.seconds(86_400),
    '30',
    'wait after the first failed attempt, doubled each time',
  ),
  OUTBOX_MAX_BACKOFF_SECONDS: setting(
    OUTBOX,
    is.seconds(604_800),
    '600',
    'the longest wait between attempts',
  ),
  OUTBOX_PRODUCER_SEND_TIMEOUT: setting(
    OUTBOX,
    is.seconds(600),
    '10',
    'seconds until a send counts as failed',
  ),

  WEBHOOKS_ALLOW_PRIVATE: setting(
    WEBHOOKS,
    is.flag(),
    'false',
    'true lets endpoints be internal addresses, over plain HTTP too: only where staff may reach all of that network',
  ),
  WEBHOOK_TIMEOUT_SECONDS: setting(WEBHOOKS, is.seconds(120), '10', 'seconds that one request may take'),
  WEBHOOK_MAX_ATTEMPTS: setting(WEBHOOKS, is.integer(1, 100), '12', 'attempts before a delivery is given up'),
  WEBHOOK_RETRY_BASE_SECONDS: setting(
    WEBHOOKS,
    is.seconds(86_400),
    '5',
    'wait after the first failed attempt, doubled each time',
  ),
  WEBHOOK_MAX_BACKOFF_SECONDS: setting(
    WEBHOOKS,
    is.seconds(604_800),
    '3600',
    'the longest wait between attempts',
  ),
  WEBHOOK_DISABLE_AFTER_HOURS: setting(
    WEBHOOKS,
    is.integer(1, 8760, 'whole hours'),
    '120',
    'hours without a success after which an endpoint is switched off',
  ),
  WEBHOOK_SECRET_OVERLAP_HOURS: setting(
    WEBHOOKS,
    is.integer(1, 8760, 'whole hours'),
    '24',
    'hours for which a former secret signs beside the new one',
  ),

  QUEUE_DEFAULT: setting(JOBS, name(), 'default', 'name of the default queue'),
  QUEUE_ORDERS: setting(JOBS, name(), 'orders', 'name of the orders queue'),
  QUEUE_PAYMENTS: setting(JOBS, name(), 'payments', 'name of the payments queue'),
  QUEUE_NOTIFICATIONS: setting(JOBS, name(), 'notifications', 'name of the notifications queue'),
  WORKER_CONCURRENCY: setting(JOBS, is.integer(1, 1000), '4', 'jobs that one worker runs at a time'),
  JOB_RETRY_DELAY: setting(JOBS, is.seconds(86_400), '30', 'seconds before a failed job runs again'),
  JOB_SOFT_TIMEOUT: setting(JOBS, is.seconds(86_400), '180', 'seconds after which a job is asked to stop'),
  JOB_TIMEOUT: setting(JOBS, is.seconds(86_400), '300', 'seconds after which a job counts as lost'),
  WORKER_BLOCKED_TIMEOUT: setting(
    JOBS,
    is.seconds(86_400),
    '20',
    'seconds after which a worker process that a job blocks is replaced',
  ),
  JOBS_EAGER: setting(
    JOBS,
    is.flag(),
    'false',
    '`serve` also does the work of worker, scheduler and outbox-dispatch; for development',
  ),

  SMTP_URL: secret(
    MAIL,
    is.url('smtp', 'smtps'),
    'the mail server; when absent mails are written as files under DATA_DIR',
  ),
  MAIL_FROM: setting(
    MAIL,
    is.matching(
      'an e-mail address, with or without a name',
      /^(?:[^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    ),
    'Crossborder Trade <no-reply@localhost>',
    'sender of mails',
  ),
  ALERT_EMAIL: optional(
    MAIL,
    is.emails(),
    'who is told of low stock and of disabled webhooks, separated by commas; when absent every active admin',
  ),

  CREATE_SUPERUSER: optional(
    SUPERUSER,
    is.flag(),
    '`migrate` creates the superuser; when absent only `up` does',
  ),
  SUPERUSER_USERNAME: setting(
    SUPERUSER,
    is.matching('3 to 64 letters, digits and . _ -', /^[A-Za-z0-9._-]{3,64}$/),
    'admin',
    'its name',
  ),
  SUPERUSER_EMAIL: setting(
    SUPERUSER,
    is.matching('an e-mail address', /^[^<>@\s]+@[^<>@\s]+$/),
    'admin@example.com',
    'its e-mail address',
  ),
  SUPERUSER_PASSWORD: setting(
    SUPERUSER,
    password(),
    SHIPPED_PASSWORD,
    'its password; the shipped one is refused in production',
  ),

  BASE_CURRENCY: setting(
    SHOP,
    currency(),
    'EUR',
    "currency of the shop's books: each order keeps its exchange rate to it",
  ),
  EXCHANGE_RATE_MAX_AGE_DAYS: setting(
    SHOP,
    is.integer(1, 3650, 'whole days'),
    '30',
    'an older exchange rate keeps a landed cost from being complete',
  ),
  EXCHANGE_RATES_URL: optional(
    SHOP,
    is.url('http', 'https'),
    "reference rates in the European Central Bank's CSV, fetched on each working day; when absent staff set them",
  ),
  ORDER_EXPIRATION_MINUTES: setting(
    SHOP,
    is.integer(1, 525_600, 'whole minutes'),
    '30',
    'unpaid orders expire after this, and their stock returns',
  ),
  PAYMENT_GATEWAY: optional(
    SHOP,
    is.oneOf(['mock', 'stripe']),
    'mock or stripe; when absent stripe with STRIPE_API_KEY, else mock, and in production none: paying answers 503',
  ),
  PAYMENT_CAPTURE: setting(
    SHOP,
    is.oneOf(['automatic', 'manual']),
    'automatic',
    'automatic takes the money when the buyer pays; with manual Stripe only authorizes it, and staff capture',
  ),
  STRIPE_API_KEY: secret(SHOP, is.anyText(), 'secret key of the Stripe account'),
  STRIPE_WEBHOOK_SECRET: secret(
    SHOP,
    is.anyText(),
    'signs the webhook (POST /api/v1/payments/webhooks/stripe); needed with STRIPE_API_KEY',
  ),
  STRIPE_API_BASE: optional(SHOP, is.baseUrl(), 'another address of the Stripe API, for tests'),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingName = keyof Settings;

export const isSettingName = (text: string): text is SettingName => Object.hasOwn(settingsSchema.shape, text);
export const SETTING_NAMES: readonly SettingName[] = Object.keys(settingsSchema.shape).filter(isSettingName);

export const aboutSetting = (key: SettingName): About => {
  const found = about.get(settingsSchema.shape[key]);
  if (!found) throw new Error(`${key} has no description`);
  return found;
};
