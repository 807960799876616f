import { describe, expect, it } from '@jest/globals';
import { newId, newReadableCode, newToken } from '../../../src/domain/shared/ids.ts';

describe('ids', () => {
  it('are UUIDs of version 7, in the order they are made', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(
      ids.every((id) => /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id)),
    ).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
  });

  it('are tokens of 256 bits', () => {
    expect(newToken()).toMatch(/^[\w-]{43}$/);
    expect(newToken()).not.toBe(newToken());
  });

  it('are codes that a person can read out, without letters that look alike', () => {
    const codes = Array.from({ length: 500 }, () => newReadableCode('CB', 8));
    expect(codes.every((code) => /^CB-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/.test(code))).toBe(true);
    expect(new Set(codes).size).toBe(500);
  });
});
