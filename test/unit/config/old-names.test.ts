import { describe, expect, it } from '@jest/globals';
import { type Config, loadConfig } from '../../../src/config.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';

const SECRET_KEY = 'k7-a-secret-of-our-own-with-more-than-32-characters';
const load = (env: NodeJS.ProcessEnv): Config => loadConfig({ env: { SECRET_KEY, ...env } });

describe('the names of the Django system', () => {
  it.each<[string, string, string, (config: Config) => unknown, unknown]>([
    ['DJANGO_DEBUG', 'True', 'DEBUG', (c) => c.debug, true],
    [
      'DJANGO_ALLOWED_HOSTS',
      'shop.example .example.com',
      'ALLOWED_HOSTS',
      (c) => c.http.allowedHosts,
      ['shop.example', '.example.com'],
    ],
    [
      'DJANGO_CSRF_TRUSTED_ORIGINS',
      'https://a.example',
      'CORS_ALLOWED_ORIGINS',
      (c) => c.http.corsOrigins,
      ['https://a.example'],
    ],
    ['CELERY_DEFAULT_QUEUE', 'd', 'QUEUE_DEFAULT', (c) => c.queues.default, 'd'],
    ['CELERY_ORDERS_QUEUE', 'o', 'QUEUE_ORDERS', (c) => c.queues.orders, 'o'],
    ['CELERY_PAYMENTS_QUEUE', 'p', 'QUEUE_PAYMENTS', (c) => c.queues.payments, 'p'],
    ['CELERY_NOTIFICATIONS_QUEUE', 'n', 'QUEUE_NOTIFICATIONS', (c) => c.queues.notifications, 'n'],
    ['CELERY_WORKER_CONCURRENCY', '8', 'WORKER_CONCURRENCY', (c) => c.jobs.concurrency, 8],
    ['CELERY_TASK_DEFAULT_RETRY_DELAY', '31', 'JOB_RETRY_DELAY', (c) => c.jobs.retryDelaySeconds, 31],
    ['CELERY_TASK_SOFT_TIME_LIMIT', '181', 'JOB_SOFT_TIMEOUT', (c) => c.jobs.softTimeoutSeconds, 181],
    ['CELERY_TASK_TIME_LIMIT', '301', 'JOB_TIMEOUT', (c) => c.jobs.timeoutSeconds, 301],
    ['CELERY_TASK_ALWAYS_EAGER', '1', 'JOBS_EAGER', (c) => c.jobs.eager, true],
    ['FLOWER_PORT', '5556', 'MONITOR_PORT', (c) => c.monitorPort, 5556],
    ['STATIC_ROOT', '/srv/media', 'MEDIA_ROOT', (c) => c.mediaRoot, '/srv/media'],
  ])('%s=%s is %s, with one warning', (old, text, name, value, expected) => {
    const config = load({ [old]: text });
    expect(value(config)).toEqual(expected);
    expect(config.warnings).toEqual([`${old} is now called ${name}`]);
  });

  it('include the secret key, which no warning repeats', () => {
    const config = loadConfig({ env: { DJANGO_SECRET_KEY: SECRET_KEY } });
    expect(config.secretKey).toBe(SECRET_KEY);
    expect(config.warnings).toEqual(['DJANGO_SECRET_KEY is now called SECRET_KEY']);
  });

  it.each(['USE_SQLITE', 'DJANGO_USE_SQLITE'])('include %s', (old) => {
    const config = load({ [old]: 'True' });
    expect(config.database.kind).toBe('sqlite');
    expect(config.warnings).toEqual([`${old} is replaced by DATABASE_URL, and a SQLite file is the default`]);
  });

  it('understand the log levels of Python', () => {
    expect(load({ LOG_LEVEL: 'WARNING' }).logging.level).toBe('warn');
    expect(load({ LOG_LEVEL: 'CRITICAL' }).logging.level).toBe('fatal');
    expect(load({ LOG_LEVEL: 'INFO' }).logging.level).toBe('info');
  });

  it.each([
    'CELERY_BROKER_URL',
    'CELERY_RESULT_BACKEND',
    'KAFKA_PRODUCER_LINGER_MS',
    'KAFKA_PRODUCER_MAX_IN_FLIGHT',
  ])('warn that %s has no effect', (old) => {
    const { warnings } = load({ [old]: 'redis://:hunter2@h' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^${old} has no effect: `));
    expect(warnings[0]).not.toContain('hunter2');
  });

  it('may stand beside the new ones while they mean the same', () => {
    expect(load({ DJANGO_DEBUG: 'True', DEBUG: '1' }).warnings).toEqual([
      'DJANGO_DEBUG is now called DEBUG: remove it',
    ]);
  });

  it('are refused where the new ones say otherwise', () => {
    const both = () => load({ DJANGO_DEBUG: 'True', DEBUG: 'false', FLOWER_PORT: '1', MONITOR_PORT: '2' });
    expect(both).toThrow(DomainError);
    expect(both).toThrow('2 settings are wrong: DJANGO_DEBUG, FLOWER_PORT');
  });

  it('that Django had side by side are joined', () => {
    const config = load({
      CORS_ALLOWED_ORIGINS: 'https://a.example',
      DJANGO_CSRF_TRUSTED_ORIGINS: 'https://b.example',
      MEDIA_ROOT: '/m',
      STATIC_ROOT: '/s',
    });
    expect(config.http.corsOrigins).toEqual(['https://a.example', 'https://b.example']);
    expect(config.mediaRoot).toBe('/m');
    expect(config.warnings).toHaveLength(2);
  });
});
