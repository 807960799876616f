import { describe, expect, it } from '@jest/globals';
import { Wake } from '../../../src/domain/shared/wake.ts';

const HOUR = 3_600_000;

describe('a sleep', () => {
  it('ends when it is woken', async () => {
    const wake = new Wake();
    const sleep = wake.sleep(HOUR);
    wake.wake();
    await sleep;
  });

  it('does not begin when it was woken before', async () => {
    const wake = new Wake();
    wake.wake();
    wake.wake();
    await wake.sleep(HOUR);
  });

  it('is woken once by each call, not for ever', async () => {
    const wake = new Wake();
    wake.wake();
    await wake.sleep(HOUR);
    const start = Date.now();
    await wake.sleep(5);
    expect(Date.now() - start).toBeGreaterThanOrEqual(4);
  });
});
