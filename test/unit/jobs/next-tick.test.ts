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

  it.each([
    ['not a cron', 'UTC'],
    ['0 0 31 2 *', 'UTC'],
    ['* * * * *', 'Mars/Olympus'],
  ])('is refused for %s in %s', (cron, zone) => {
    expect(() => next(cron, zone, '2026-01-01T00:00:00Z')).toThrow(cron);
  });
});
