import { describe, expect, it } from '@jest/globals';
import { sign, TOLERANCE_SECONDS, verify } from '../../../src/infra/payments/mock-signature.ts';

const now = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const body = Buffer.from('{"id":"evt_1"}');
const signature = sign('secret', now, body);

describe('signatures of the mock gateway', () => {
  it('hold for the bytes, the key and five minutes', () => {
    expect(verify('secret', signature, body, now)).toBe(true);
    expect(verify('secret', signature, body, later(TOLERANCE_SECONDS))).toBe(true);
    expect(verify('secret', signature, body, later(TOLERANCE_SECONDS + 1))).toBe(false);
    expect(verify('secret', signature, body, later(-TOLERANCE_SECONDS - 1))).toBe(false);
    expect(verify('other', signature, body, now)).toBe(false);
    expect(verify('secret', signature, Buffer.from('{"id":"evt_2"}'), now)).toBe(false);
  });

  it.each([
    undefined,
    '',
    'v1=00',
    `t=1,v1=${'0'.repeat(64)}`,
    `${signature},v1=00`,
    signature.replace('v1', 'v0'),
  ])('do not hold when they read %j', (header) => {
    expect(verify('secret', header, body, now)).toBe(false);
  });
});
