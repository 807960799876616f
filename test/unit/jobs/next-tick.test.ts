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
