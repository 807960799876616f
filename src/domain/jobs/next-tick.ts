import { Cron } from 'croner';
import { DomainError } from '../shared/errors.ts';

const EVERY = /^@every ([1-9]\d{0,6})([smhd])$/;
const UNIT = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** A year: what comes more rarely is written as a cron expression. */
const MAX_INTERVAL = 366 * 86_400;

/**
 * The first tick strictly after `after`. The ticks of an interval (`@every 90s`) count from `after`.
 * @throws DomainError validation_failed when the expression or the zone is wrong, or it never fires
 */
export function nextTick(cron: string, timezone: string, after: Date): Date {
  checkZone(timezone);
  if (cron.startsWith('@every')) return new Date(after.getTime() + intervalOf(cron) * 1000);
  let next: Date | null;
  try {
    next = new Cron(cron, { timezone, paused: true }).nextRun(after);
  } catch (error) {
    throw new DomainError('validation_failed', `cron "${cron}" in ${timezone}: ${String(error)}`, {
      cause: error,
    });
  }
  if (next === null) throw new DomainError('validation_failed', `cron "${cron}" never fires`);
  return next;
}

/** In seconds. @throws DomainError validation_failed */
function intervalOf(text: string): number {
  const [, count, unit] = EVERY.exec(text) ?? [];
  const seconds = Number(count) * UNIT[unit as keyof typeof UNIT];
  if (count !== undefined && seconds <= MAX_INTERVAL) return seconds;
  throw new DomainError(
    'validation_failed',
    `"${text}" is not an interval: write "@every 90s", or m, h, d, up to a year`,
  );
}

/** @throws DomainError validation_failed */
function checkZone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (error) {
    throw new DomainError(
      'validation_failed',
      `there is no time zone ${timezone}: name one of the IANA database, such as Europe/Berlin`,
      { cause: error },
    );
  }
}
