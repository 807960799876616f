import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config, type ConfigSource, loadConfig } from '../../../src/config.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';

const OWN_KEY = 'k7-a-secret-of-our-own-with-more-than-32-characters';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const load = (env: NodeJS.ProcessEnv, rest: Omit<ConfigSource, 'env'> = {}): Config =>
  loadConfig({ env: { DATA_DIR: dataDir, SECRET_KEY: OWN_KEY, ...env }, ...rest });

function refusal(env: NodeJS.ProcessEnv, rest: Omit<ConfigSource, 'env'> = {}): DomainError {
  try {
    load(env, rest);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

const wrong = (env: NodeJS.ProcessEnv): string[] => refusal(env).issues.map((issue) => issue.path);

describe('the defaults', () => {
  it('are the embedded mode on this machine', () => {
    const config = loadConfig({ env: {} });
    expect(config).toMatchObject({
      env: 'development',
      debug: false,
      database: { kind: 'sqlite', path: resolve('var/crossborder.sqlite') },
      outbox: {
        batchSize: 50,
        maxAttempts: 5,
        retryBaseSeconds: 30,
        maxBackoffSeconds: 600,
        sendTimeoutSeconds: 10,
      },
      queues: { default: 'default', orders: 'orders', payments: 'payments', notifications: 'notifications' },
      jobs: {
        concurrency: 4,
        retryDelaySeconds: 30,
        softTimeoutSeconds: 180,
        timeoutSeconds: 300,
        eager: false,
      },
      http: { port: 8000, publicUrl: 'http://localhost:8000', allowedHosts: ['localhost', '127.0.0.1'] },
      monitorPort: 5555,
      logging: { level: 'info', format: 'console' },
      superuser: { create: false, username: 'admin', passwordIsShipped: true },
      orders: { expirationMinutes: 30 },
      mediaRoot: resolve('var/media'),
    });
    for (const absent of ['redisUrl', 'mongoUrl', 'kafka', 'stripe'])
      expect(config).not.toHaveProperty(absent);
    expect(config.http.host).toBeUndefined();
  });

  it('take host patterns as a Host header will be compared', () => {
    const { http } = load({ ALLOWED_HOSTS: '*.Example.com,.shop.example,Shop.Example,[::1],*' });
    expect(http.allowedHosts).toEqual(['.example.com', '.shop.example', 'shop.example', '::1', '*']);
  });

  it('stand in for what is empty', () => {
    expect(load({ PORT: '', DB_HOST: '  ', REDIS_URL: '' })).toMatchObject({
      http: { port: 8000 },
      database: { kind: 'sqlite' },
    });
  });
});

describe('wrong values', () => {
  it('are all reported at once, with what they should be', () => {
    const error = refusal({
      PORT: 'eighty',
      DEBUG: 'maybe',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'localhost',
      DB_HOST: 'db',
    });
    expect(error.code).toBe('configuration');
    expect(Object.fromEntries(error.issues.map((issue) => [issue.path, issue.message]))).toEqual({
      PORT: 'should be a port number from 0 to 65535',
      DEBUG: 'should be true or false',
      LOG_LEVEL: 'should be one of fatal, error, warn, info, debug, trace, silent',
      REDIS_URL: 'should be a URL redis://… or rediss://…, or several separated by commas',
      DB_USER: 'should be set together with DB_HOST',
    });
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '8000.5'],
    ['NODE_ENV', 'staging'],
    ['ENCRYPTION_KEY', 'short'],
    ['ENCRYPTION_KEY', 'x'.repeat(44)],
    ['MONGO_URL', 'mysql://h/d'],
    ['SMTP_URL', 'http://mail'],
    ['PUBLIC_URL', 'shop.example'],
    ['PUBLIC_URL', 'https://shop.example/?a=1'],
    ['ALLOWED_HOSTS', 'shop.example/path'],
    ['CORS_ALLOWED_ORIGINS', 'shop.example'],
    ['CORS_ALLOWED_ORIGINS', 'https://shop.example/path'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'all'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'broker'],
    ['KAFKA_PRODUCER_ACKS', '2'],
    ['OUTBOX_MAX_ATTEMPTS', '0'],
    ['WORKER_CONCURRENCY', 'four'],
    ['MAIL_FROM', 'a@b\r\nBcc: c@d'],
    ['SUPERUSER_PASSWORD', 'short'],
    ['ORDER_EXPIRATION_MINUTES', '0'],
    ['DATABASE_URL', 'postgres://u:p@h/d'],
    ['DATABASE_URL', 'mysql://h/d'],
    ['DATABASE_URL', 'mysql://u:p@h'],
    ['DATABASE_URL', 'mysql://u:p@h/d?ssl=1'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'sqlite://x'],
    ['DATABASE_URL', 'sqlite::memory:'],
  ])('of %s are refused: %s', (name, value) => expect(wrong({ [name]: value })).toEqual([name]));

  it('are reported under the old name that was used', () => {
    expect(refusal({ FLOWER_PORT: 'x' }).issues).toEqual([
      {
        path: 'FLOWER_PORT',
        message: 'should be a port number from 0 to 65535 (its name is now MONITOR_PORT)',
      },
    ]);
  });

  it('never repeat what was given', () => {
    const secret = 'hunter2hunter2';
    const error = refusal({
      DATABASE_URL: `mysql://u:${secret}@h`,
      REDIS_URL: `http://:${secret}@h`,
      ENCRYPTION_KEY: secret,
      PORT: secret,
      SECRET_KEY: OWN_KEY,
      DJANGO_SECRET_KEY: secret,
    });
    expect(error.issues).toHaveLength(5);
    expect(JSON.stringify([error.message, error.issues, error.facts, error.stack])).not.toContain(secret);
  });
});

describe('settings that contradict each other', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['DEBUG', { NODE_ENV: 'production', DEBUG: 'true' }],
    ['SECRET_KEY', { NODE_ENV: 'production', SECRET_KEY: '' }],
    ['SECRET_KEY', { NODE_ENV: 'production', SECRET_KEY: 'too short' }],
    ['SECRET_KEY', { NODE_ENV: 'production', SECRET_KEY: `django-insecure-${'x'.repeat(40)}` }],
    ['JWT_SIGNING_KEY', { NODE_ENV: 'production', JWT_SIGNING_KEY: 'short' }],
    ['SUPERUSER_PASSWORD', { NODE_ENV: 'production', CREATE_SUPERUSER: 'true' }],
    ['SUPERUSER_PASSWORD', { NODE_ENV: 'production', SUPERUSER_PASSWORD: 'admin123' }],
    ['DATABASE_URL', { DATABASE_URL: 'sqlite:x.sqlite', DB_HOST: 'db', DB_USER: 'u' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://u:p@h/d', DB_HOST: 'db', DB_USER: 'u' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://u:p@h/d', USE_SQLITE: 'true' }],
    ['DB_HOST', { DB_HOST: 'db', DB_USER: 'u', USE_SQLITE: 'True' }],
    ['DB_HOST', { DJANGO_USE_SQLITE: 'False' }],
    ['DB_USER', { DB_HOST: 'db' }],
    ['KAFKA_BOOTSTRAP_SERVERS', { KAFKA_ENABLED: 'true' }],
    ['KAFKA_PRODUCER_ACKS', { KAFKA_PRODUCER_IDEMPOTENCE: 'true', KAFKA_PRODUCER_ACKS: '1' }],
    ['KAFKA_SASL_MECHANISM', { KAFKA_SASL_USERNAME: 'u' }],
    ['OUTBOX_MAX_BACKOFF_SECONDS', { OUTBOX_RETRY_BASE_SECONDS: '60', OUTBOX_MAX_BACKOFF_SECONDS: '30' }],
    ['JOB_SOFT_TIMEOUT', { JOB_SOFT_TIMEOUT: '400' }],
    ['MONITOR_PORT', { MONITOR_PORT: '8000' }],
    ['STRIPE_WEBHOOK_SECRET', { STRIPE_API_KEY: 'sk_test_1' }],
    ['STRIPE_API_KEY', { PAYMENT_GATEWAY: 'stripe' }],
  ])('are refused under %s: %j', (name, env) => expect(wrong(env)).toEqual([name]));

  it('are not guessed from a value that is wrong by itself', () => {
    expect(wrong({ JOB_TIMEOUT: 'x', JOB_SOFT_TIMEOUT: '400' })).toEqual(['JOB_TIMEOUT']);
  });

  it('refuse the shipped superuser of `up` in production', () => {
    const production = { NODE_ENV: 'production' };
    expect(refusal(production, { firstRun: true }).issues[0]?.path).toBe('SUPERUSER_PASSWORD');
    expect(
      load({ ...production, SUPERUSER_PASSWORD: 'of our own' }, { firstRun: true }).superuser.create,
    ).toBe(true);
    expect(load({ ...production, CREATE_SUPERUSER: 'false' }, { firstRun: true }).superuser.create).toBe(
      false,
    );
    expect(load(production).superuser.create).toBe(false);
  });
});

describe('the database', () => {
  it('is the server of DB_HOST', () => {
    const env = { DB_HOST: 'db', DB_PORT: '3307', DB_USER: 'shop', DB_PASSWORD: 'p@ss', DB_POOL_SIZE: '7' };
    expect(load(env).database).toEqual({
      ...{ kind: 'mysql', host: 'db', port: 3307, name: 'crossborder_trade' },
      ...{ user: 'shop', password: 'p@ss', poolSize: 7 },
    });
  });

  it('is what DATABASE_URL says', () => {
    expect(load({ DATABASE_URL: 'mariadb://shop:p%40ss@db.example/trade' }).database).toEqual({
      ...{ kind: 'mariadb', host: 'db.example', port: 3306, name: 'trade' },
      ...{ user: 'shop', password: 'p@ss', poolSize: 10 },
    });
    expect(load({ DATABASE_URL: 'sqlite:/data/shop.sqlite' }).database).toEqual({
      kind: 'sqlite',
      path: '/data/shop.sqlite',
    });
    expect(load({ DATABASE_URL: 'sqlite:shop.sqlite' }).database).toEqual({
      kind: 'sqlite',
      path: resolve('shop.sqlite'),
    });
  });
});

describe('Kafka', () => {
  const KAFKA_BOOTSTRAP_SERVERS = 'a:9092, b:9092';

  it('is used when brokers are named, unless it is turned off', () => {
    expect(load({ KAFKA_BOOTSTRAP_SERVERS }).kafka).toEqual({
      ...{ brokers: ['a:9092', 'b:9092'], clientId: 'crossborder-trade-api', ordersTopic: 'order-events' },
      ...{
        stockTopic: 'stock-events',
        idempotence: true,
        acks: -1,
        retries: 5,
        compression: 'gzip',
        ssl: false,
      },
    });
    expect(load({ KAFKA_BOOTSTRAP_SERVERS, KAFKA_ENABLED: 'False' }).kafka).toBeUndefined();
  });

  it('is idempotent only with all acknowledgements', () => {
    expect(load({ KAFKA_BOOTSTRAP_SERVERS, KAFKA_PRODUCER_ACKS: '1' }).kafka).toMatchObject({
      acks: 1,
      idempotence: false,
    });
  });

  it.each(['0', '1'])('waits for a broker with KAFKA_PRODUCER_ACKS=%s, and says what may be lost', (acks) => {
    const config = load({ KAFKA_BOOTSTRAP_SERVERS, KAFKA_PRODUCER_ACKS: acks });
    expect(config.kafka?.acks).toBe(1);
    expect(config.warnings).toContainEqual(expect.stringContaining(`KAFKA_PRODUCER_ACKS=${acks}`));
  });

  it('takes credentials', () => {
    const env = { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(load({ KAFKA_BOOTSTRAP_SERVERS, ...env }).kafka?.sasl).toEqual({
      mechanism: 'scram-sha-512',
      username: 'u',
      password: 'p',
    });
  });

  it('means gzip where a compression is not available', () => {
    const config = load({ KAFKA_BOOTSTRAP_SERVERS, KAFKA_PRODUCER_COMPRESSION: 'zstd' });
    expect(config.kafka?.compression).toBe('gzip');
    expect(config.warnings).toEqual(['KAFKA_PRODUCER_COMPRESSION=zstd is not available: gzip is used']);
  });
});

describe('the payment gateway', () => {
  const stripe = { STRIPE_API_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' };
  const production = { NODE_ENV: 'production', SMTP_URL: 'smtp://mail' };

  it.each([
    ['mock', {}],
    ['stripe', stripe],
    ['mock', { ...stripe, PAYMENT_GATEWAY: 'mock' }],
    [undefined, production],
    ['stripe', { ...production, ...stripe }],
    ['mock', { ...production, PAYMENT_GATEWAY: 'mock' }],
  ])('is %s with %j', (gateway, env) => expect(load(env).payments.gateway).toBe(gateway));

  it('is warned about in production where it moves no money', () => {
    expect(load(production).warnings).toEqual([expect.stringContaining('paying answers 503')]);
    expect(load({ ...production, PAYMENT_GATEWAY: 'mock' }).warnings).toEqual([
      expect.stringContaining('move no money'),
    ]);
    expect(load({ ...production, ...stripe }).warnings).toEqual([]);
  });
});

describe('keys', () => {
  it('of different purposes differ, and are the same at every start', () => {
    const config = load({});
    expect(config.encryptionKey).toHaveLength(32);
    expect(config.jwtSigningKey).not.toBe(config.encryptionKey.toString('base64url'));
    expect(load({})).toEqual(config);
    expect(load({ SECRET_KEY: `${OWN_KEY}2` }).encryptionKey).not.toEqual(config.encryptionKey);
  });

  it('are taken as they are given', () => {
    const hex = 'ab'.repeat(32);
    expect(load({ ENCRYPTION_KEY: hex }).encryptionKey.toString('hex')).toBe(hex);
    const base64 = Buffer.from(hex, 'hex').toString('base64');
    expect(load({ ENCRYPTION_KEY: base64 }).encryptionKey.toString('hex')).toBe(hex);
    expect(load({ JWT_SIGNING_KEY: 'signs' }).jwtSigningKey).toBe('signs');
  });

  it('are made once by `up`, for its owner only, and then read by every role', () => {
    const first = load({ SECRET_KEY: '' }, { firstRun: true });
    expect(first.secretKeyIsShipped).toBe(false);
    expect(first.warnings).toEqual([]);
    expect(load({ SECRET_KEY: '' }, { firstRun: true }).secretKey).toBe(first.secretKey);
    expect(load({ SECRET_KEY: '' }).secretKey).toBe(first.secretKey);
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDir, 'secret-key'), 'utf8').trim()).toBe(first.secretKey);
  });

  it('are not made while a setting is wrong', () => {
    expect(() => load({ SECRET_KEY: '', PORT: 'x' }, { firstRun: true })).toThrow(DomainError);
    expect(() => statSync(join(dataDir, 'secret-key'))).toThrow('ENOENT');
  });

  it('known to everybody are used for development alone, with a warning', () => {
    const config = load({ SECRET_KEY: '' });
    expect(config.secretKeyIsShipped).toBe(true);
    expect(config.warnings).toEqual([
      'SECRET_KEY is not set: a key that everybody knows is used, for development only',
    ]);
  });

  it('of a data directory that cannot be used are a wrong setting', () => {
    const path = join(dataDir, 'a-file');
    writeFileSync(path, '');
    expect(refusal({ SECRET_KEY: '', DATA_DIR: path }, { firstRun: true }).issues[0]?.path).toBe('DATA_DIR');
  });
});

describe('the .env file', () => {
  it('is read, and the environment wins over it', () => {
    const envFile = join(dataDir, '.env');
    writeFileSync(
      envFile,
      'PORT=9000\nLOG_FORMAT="json" # for machines\nMYSQL_ROOT_PASSWORD=x\nKAFKA_BOOTSTRAP_SERVER=a:1\n',
    );
    const config = load({ PORT: '9001' }, { envFile });
    expect(config).toMatchObject({ http: { port: 9001 }, logging: { format: 'json' } });
    expect(config.warnings).toEqual(['KAFKA_BOOTSTRAP_SERVER in .env is not a setting of this program']);
  });

  it('may be missing', () => expect(load({}, { envFile: join(dataDir, 'none') }).http.port).toBe(8000));
});
