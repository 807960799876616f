import type { FieldIssue } from '../domain/shared/errors.ts';
import { isSettingName, type SettingName, settingsSchema } from './settings.ts';

/** Names that users of the Django system have, and what they are called now. */
export const OLD_NAMES: Readonly<Record<string, SettingName>> = {
  DJANGO_SECRET_KEY: 'SECRET_KEY',
  DJANGO_DEBUG: 'DEBUG',
  DJANGO_ALLOWED_HOSTS: 'ALLOWED_HOSTS',
  DJANGO_CSRF_TRUSTED_ORIGINS: 'CORS_ALLOWED_ORIGINS',
  CELERY_DEFAULT_QUEUE: 'QUEUE_DEFAULT',
  CELERY_ORDERS_QUEUE: 'QUEUE_ORDERS',
  CELERY_PAYMENTS_QUEUE: 'QUEUE_PAYMENTS',
  CELERY_NOTIFICATIONS_QUEUE: 'QUEUE_NOTIFICATIONS',
  CELERY_WORKER_CONCURRENCY: 'WORKER_CONCURRENCY',
  CELERY_TASK_DEFAULT_RETRY_DELAY: 'JOB_RETRY_DELAY',
  CELERY_TASK_SOFT_TIME_LIMIT: 'JOB_SOFT_TIMEOUT',
  CELERY_TASK_TIME_LIMIT: 'JOB_TIMEOUT',
  CELERY_TASK_ALWAYS_EAGER: 'JOBS_EAGER',
  FLOWER_PORT: 'MONITOR_PORT',
  STATIC_ROOT: 'MEDIA_ROOT',
};

/** Names that are accepted, and do nothing. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  CELERY_BROKER_URL: 'jobs live in the SQL database, or where MONGO_URL says',
  CELERY_RESULT_BACKEND: 'jobs live in the SQL database, or where MONGO_URL says',
  KAFKA_PRODUCER_LINGER_MS: 'events are sent in batches of the outbox',
  KAFKA_PRODUCER_MAX_IN_FLIGHT: 'one batch is in flight at a time',
};

/** True of old means the SQLite file of the embedded mode; false means that a server must be given. */
export const SQLITE_SWITCHES = ['USE_SQLITE', 'DJANGO_USE_SQLITE'] as const;

/** Two settings of Django that were always set side by side; together they are no contradiction. */
const JOINED = new Set(['DJANGO_CSRF_TRUSTED_ORIGINS']);
const YIELDING = new Set(['STATIC_ROOT']);

export interface Renamed {
  /** By today's names; what was empty is absent. */
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
  /** The name under which a value was given, where it is not today's. */
  readonly givenAs: ReadonlyMap<SettingName, string>;
  readonly warnings: readonly string[];
  readonly issues: readonly FieldIssue[];
}

const same = (name: SettingName, a: string, b: string): boolean => {
  const [x, y] = [a, b].map((text) => settingsSchema.shape[name].safeParse(text));
  return (
    a === b ||
    (x?.success === true && y?.success === true && JSON.stringify(x.data) === JSON.stringify(y.data))
  );
};

/** Reads the variables by their names of today, and old ones as what they are called now. */
export function rename(variables: Readonly<Record<string, string | undefined>>): Renamed {
  const values: Partial<Record<SettingName, string>> = {};
  const givenAs = new Map<SettingName, string>();
  const warnings: string[] = [];
  const issues: FieldIssue[] = [];
  const given = Object.entries(variables).flatMap(([name, text]) =>
    text?.trim() ? [[name, text] as const] : [],
  );

  for (const [name, text] of given) if (isSettingName(name)) values[name] = text;
  for (const [old, text] of given) {
    const name = OLD_NAMES[old];
    const reason = WITHOUT_EFFECT[old];
    if (reason) warnings.push(`${old} has no effect: ${reason}`);
    if (!name) continue;
    const present = values[name];
    if (present === undefined) {
      values[name] = text;
      givenAs.set(name, old);
      warnings.push(`${old} is now called ${name}`);
    } else if (JOINED.has(old)) {
      values[name] = `${present},${text}`;
      warnings.push(`${old} is now part of ${name}`);
    } else if (YIELDING.has(old)) {
      warnings.push(`${old} has no effect beside ${name}`);
    } else if (same(name, present, text)) {
      warnings.push(`${old} is now called ${name}: remove it`);
    } else {
      issues.push({
        path: old,
        message: `should be removed: it is the old name of ${name}, and their values differ`,
      });
    }
  }
  return { values, givenAs, warnings, issues };
}
