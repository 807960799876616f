import { Cron } from 'croner';
import { DomainError } from '../shared/errors.ts';
import { DAY, ZoneTime } from './zone-time.ts';

const EVERY = /^@every ([1-9]\d{0,6})([smhd])$/;
const UNIT = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** A year: what comes more rarely is written as a cron expression. */
const MAX_INTERVAL = 366 * 86_400;

/**
 * The first tick strictly after `after`. The ticks of an interval (`@every 90s`) count from `after`. Where clocks
 * change, an expression for every hour fires in each hour that passes; any other at each of its times once, also when
 * it comes twice; when it is left out, at the end of the gap.
 * @throws DomainError validation_failed when the expression or the zone is wrong, or it never fires
 */
export function nextTick(cron: string, timezone: string, after: Date): Date {
  const zone = zoneOf(timezone);
  if (cron.startsWith('@every')) return new Date(after.getTime() + intervalOf(cron) * 1000);
  const fields = fieldsOf(cron);
  const times = new WallTimes(cron, timezone);
  const next = isEveryHour(fields) ? inEachHour : atEachTime;
  return new Date(next(times, zone, after.getTime()));
}

/** What a cron expression says, on a clock that never changes. */
class WallTimes {
  readonly #name: string;
  readonly #cron: Cron;

  /** @throws DomainError validation_failed */
  constructor(cron: string, timezone: string) {
    this.#name = cron;
    try {
      this.#cron = new Cron(cron, { timezone: 'UTC', mode: '5-or-6-parts', paused: true });
    } catch (error) {
      throw new DomainError('validation_failed', `cron "${cron}" in ${timezone}: ${String(error)}`, {
        cause: error,
      });
    }
  }

  /** @throws DomainError validation_failed when there is none */
  after(wall: number): number {
    const next = this.#cron.nextRun(new Date(wall));
    if (next === null) throw new DomainError('validation_failed', `cron "${this.#name}" never fires`);
    return next.getTime();
  }
}

function atEachTime(times: WallTimes, zone: ZoneTime, after: number): number {
  const wall = after + zone.offset(after);
  // Clocks that were put back show again what they have shown: those times were fired.
  const change = zone.change(after - DAY, after);
  const shown = change === undefined ? wall : Math.max(wall, change + zone.offset(change - 1) - 1);
  return zone.instant(times.after(shown));
}

function inEachHour(times: WallTimes, zone: ZoneTime, after: number): number {
  /** The first time after `from` on clocks that stand `offset` apart, as far as they do so then. */
  const next = (from: number, offset: number): number => {
    const wall = times.after(from + offset);
    const instant = wall - offset;
    return zone.offset(instant) === offset ? instant : zone.instant(wall);
  };
  const change = zone.change(after, after + DAY);
  if (change === undefined) return next(after, zone.offset(after));
  const before = times.after(after + zone.offset(after)) - zone.offset(after);
  if (before < change) return before;
  return next(change - 1, zone.offset(change));
}

/** @throws DomainError validation_failed */
function fieldsOf(cron: string): readonly string[] {
  const fields = cron.trim().split(/\s+/);
  if (fields.length === 5 || fields.length === 6 || fields[0]?.startsWith('@')) return fields;
  throw new DomainError(
    'validation_failed',
    `cron "${cron}" has ${fields.length} field${fields.length === 1 ? '' : 's'}: write five (minute, hour, day, month, weekday), or six with seconds first; a schedule repeats, so it takes no year and no date`,
  );
}

const isEveryHour = (fields: readonly string[]): boolean =>
  fields.length === 1 ? fields[0] === '@hourly' : ['*', '?', '*/1'].includes(fields.at(-4) ?? '');

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
function zoneOf(timezone: string): ZoneTime {
  try {
    return new ZoneTime(timezone);
  } catch (error) {
    throw new DomainError(
      'validation_failed',
      `there is no time zone ${timezone}: name one of the IANA database, such as Europe/Berlin`,
      { cause: error },
    );
  }
}
