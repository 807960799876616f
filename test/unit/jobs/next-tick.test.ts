import { describe, expect, it } from '@jest/globals';
import { nextTick } from '../../../src/domain/jobs/next-tick.ts';

const next = (cron: string, zone: string, after: string): string =>
  nextTick(cron, zone, new Date(after)).toISOString();

describe('the next tick of a cron expression', () => {
  it('is strictly after the given instant', () => {
    expect(next('* * * * *', 'UTC', '2026-01-01T00:01:00Z')).toBe('2026-01-01T00:02:00.000Z');
  });

  it('follows daylight saving in the schedule’s zone', () => {
    expect(next('0 9 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T07:00:00.000Z');
    expect(next('0 9 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z')).toBe('2026-03-28T08:00:00.000Z');
  });

  it('comes once on the night that the clock is put back, and once when its hour is left out', () => {
    const ticks = (cron: string, from: string, count: number): string[] => {
      const all = [from];
      while (all.length <= count) all.push(next(cron, 'Europe/Berlin', all.at(-1) ?? from));
      return all.slice(1);
    };
    // 02:30 comes twice on 25 October and not at all on 29 March.
    expect(ticks('30 2 * * *', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(ticks('30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  /** The ticks of the day around a change, as the zone's clocks show them (with their offset). */
  const shown = (cron: string, zone: string, day: string): string[] => {
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      ...{
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        timeZoneName: 'shortOffset',
      },
    });
    const end = new Date(`${day}T12:00:00Z`);
    const all: string[] = [];
    for (let at = new Date(Date.parse(`${day}T00:00:00Z`) - 1); ; ) {
      at = nextTick(cron, zone, at);
      if (at >= end) return all;
      all.push(clock.format(at).replace(/^.*?, /, ''));
    }
  };

  it.each([
    ['0 1,2,3 * * *', 'Europe/Berlin', '2026-10-25', ['02:00 GMT+2', '03:00 GMT+1']],
    ['0 1,2,3 * * *', 'Europe/Berlin', '2026-03-29', ['01:00 GMT+1', '03:00 GMT+2']],
    ['*/30 2 * * *', 'Europe/Berlin', '2026-10-25', ['02:00 GMT+2', '02:30 GMT+2']],
    [
      '15,45 1-3 * * *',
      'Europe/Berlin',
      '2026-03-29',
      ['01:15 GMT+1', '01:45 GMT+1', '03:00 GMT+2', '03:15 GMT+2', '03:45 GMT+2'],
    ],
    [
      '0 0-3 * * *',
      'America/New_York',
      '2026-11-01',
      ['00:00 GMT-4', '01:00 GMT-4', '02:00 GMT-5', '03:00 GMT-5'],
    ],
    [
      '0 0-4 * * *',
      'America/New_York',
      '2026-03-08',
      ['00:00 GMT-5', '01:00 GMT-5', '03:00 GMT-4', '04:00 GMT-4'],
    ],
    ['30 1 * * *', 'America/New_York', '2026-11-01', ['01:30 GMT-4']],
    ['30 2 * * *', 'America/New_York', '2026-03-08', ['03:00 GMT-4']],
    [
      '0 */2 * * *',
      'Europe/Berlin',
      '2026-10-25',
      ['02:00 GMT+2', '04:00 GMT+1', '06:00 GMT+1', '08:00 GMT+1', '10:00 GMT+1', '12:00 GMT+1'],
    ],
  ])('comes once at each of its times: %s in %s on %s', (cron, zone, day, expected) => {
    expect(shown(cron, zone, day)).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', '2026-10-25', 12],
    ['Europe/Berlin', '2026-03-29', 12],
    ['America/New_York', '2026-11-01', 12],
    ['America/New_York', '2026-03-08', 12],
  ])('for every hour comes in each hour that passes, in %s on %s', (zone, day, hours) => {
    for (const cron of ['0 * * * *', '@hourly', '0 0 * * * *']) {
      const ticks = shown(cron, zone, day);
      expect([ticks.length, new Set(ticks).size]).toEqual([hours, hours]);
    }
    expect(shown('*/10 * * * *', zone, day)).toHaveLength(hours * 6);
  });

  it('is right also where clocks change twice before it', () => {
    // Midnight of the first of December, in winter again.
    expect(next('0 * 1 12 *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-11-30T23:00:00.000Z');
  });

  it('knows changes of half an hour', () => {
    // At 02:00 (+11) the clocks are put back to 01:30 (+10:30).
    const zone = 'Australia/Lord_Howe';
    expect(next('45 1 * * *', zone, '2026-04-04T13:00:00Z')).toBe('2026-04-04T14:45:00.000Z');
    expect(next('45 1 * * *', zone, '2026-04-04T14:45:00Z')).toBe('2026-04-05T15:15:00.000Z');
    expect(next('45 * * * *', zone, '2026-04-04T14:45:00Z')).toBe('2026-04-04T15:15:00.000Z');
  });

  it('needs five or six fields: a date, or a year, would fire once and never again', () => {
    for (const cron of ['2027-01-01T00:00:00', '2027-01-01 00:00:00', '0 0 0 1 1 * 2027', '0 0 * *'])
      expect(() => next(cron, 'UTC', '2026-01-01T00:00:00Z')).toThrow(
        /write five .* or six with seconds first/,
      );
    expect(next('0 0 12 * * SAT', 'UTC', '2026-01-01T00:00:00Z')).toBe('2026-01-03T12:00:00.000Z');
  });

  it('of an interval counts from the last one', () => {
    expect(next('@every 90s', 'UTC', '2026-01-01T00:00:10Z')).toBe('2026-01-01T00:01:40.000Z');
    expect(next('@every 2h', 'Europe/Berlin', '2026-03-29T00:30:00Z')).toBe('2026-03-29T02:30:00.000Z');
  });

  it.each([
    ['not a cron', 'UTC'],
    ['0 0 31 2 *', 'UTC'],
    ['@every 0s', 'UTC'],
    ['@every 90', 'UTC'],
    ['@every 400d', 'UTC'],
  ])('is refused for %s in %s', (cron, zone) => {
    expect(() => next(cron, zone, '2026-01-01T00:00:00Z')).toThrow(cron);
  });

  it('is refused in a time zone that does not exist, whatever the times', () => {
    for (const cron of ['* * * * *', '@every 1m'])
      expect(() => next(cron, 'Mars/Olympus', '2026-01-01T00:00:00Z')).toThrow('no time zone Mars/Olympus');
  });
});
