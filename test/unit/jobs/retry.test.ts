import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { retryDelay } from '../../../src/domain/jobs/retry.ts';
import { backoffDelay } from '../../../src/domain/shared/backoff.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';

const policy = { delaySeconds: 30, maxAttempts: 5 };
const delay = (error: unknown, attempt = 1) => retryDelay({ error, attempt }, policy, 0);

describe('a failed job', () => {
  it('waits twice as long each time, and less by a random half', () => {
    const away = new DomainError('unavailable', 'away');
    expect([1, 2, 3, 4, 5].map((n) => delay(away, n))).toEqual([30_000, 60_000, 120_000, 240_000, undefined]);
    expect(retryDelay({ error: away, attempt: 1 }, policy, 0.999)).toBeCloseTo(15_000, -2);
  });

  it('is tried again after defects and outages, and not when its data or target is wrong', () => {
    expect(delay(new Error('a defect'))).toBe(30_000);
    expect(delay(new DomainError('rate_limited', 'slower'))).toBe(30_000);
    expect(delay(new DomainError('not_found', 'gone'))).toBeUndefined();
    expect(delay(z.string().safeParse(1).error)).toBeUndefined();
  });
});

describe('backoff', () => {
  it('has a ceiling, for any number of tries', () => {
    expect(backoffDelay({ base: 100, ceiling: 5000 }, 1_000_000, 0)).toBe(5000);
  });
});
