import { describe, expect, it } from '@jest/globals';
import { negotiateLocale } from '../../../src/domain/shared/locale.ts';

describe('the language of a request', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT, en;q=0.5', 'de'],
    ['fr, zh-Hans-CN;q=0.8, es;q=0.9', 'es'],
    ['es;q=0, de;q=0.1', 'de'],
    ['fr', 'en'],
    ['*', 'en'],
    [';;;,,,=', 'en'],
    ['en;q=abc', 'en'],
  ])('of %p is %s', (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });

  it('is found in bounded time whatever is sent', () => {
    expect(negotiateLocale(`${'a,'.repeat(1_000_000)}de`)).toBe('en');
  });
});
