import { describe, expect, it } from '@jest/globals';
import {
  documentTerms,
  foldedName,
  queryTerms,
  queryWords,
} from '../../../src/domain/catalog/search-terms.ts';
import type { Locale } from '../../../src/domain/shared/locale.ts';

const terms = (query: string, locale: Locale): string[] => queryTerms(query, locale).map((t) => t.term);

describe('search terms', () => {
  it('drops case, accents and punctuation, and puts the language in front', () => {
    expect(documentTerms('Café-Crème, 2.4GHz!', 'en')).toEqual(['enxcafe', 'enxcreme', 'enx2', 'enx4ghz']);
  });

  it('unifies compatibility forms', () => {
    expect(terms('Ｗｉｄｅ ﬁre Straße', 'de')).toEqual(['dexwide', 'dexfire', 'dexstrasse']);
  });

  it('keeps each term once', () => {
    expect(documentTerms('go GO Go', 'en')).toEqual(['enxgo']);
  });

  it('cuts Chinese into pairs, and keeps the last character of a document findable alone', () => {
    const document = documentTerms('无线耳机', 'zh');
    expect(document).toHaveLength(4);
    expect(terms('耳机', 'zh')).toEqual([document[2]]);
    for (const char of '无线耳机') {
      const [query] = terms(char, 'zh');
      expect(document.some((term) => term.startsWith(query ?? '?'))).toBe(true);
    }
    expect(terms('机无', 'zh').every((term) => document.includes(term))).toBe(false);
  });

  it('splits a run of Latin from a run of Chinese', () => {
    expect(terms('USB充电器', 'zh')).toHaveLength(3);
  });

  it('makes nothing but ASCII letters and digits, none longer than a server can index', () => {
    const made = documentTerms(`Привет наушники ${'д'.repeat(100)} 𠀀𠀁 한국어`, 'en');
    for (const term of made) expect(term).toMatch(/^[a-z0-9]{4,83}$/);
  });

  it('takes at most ten terms of a query, and none from one without words', () => {
    expect(terms('a b c d e f g h i j k l', 'en')).toHaveLength(10);
    expect(terms('+-"*() ~<>@', 'en')).toEqual([]);
  });

  it('means words that begin with a term, except for a single letter', () => {
    const prefixes = queryTerms('a ab 中 9', 'en').map((t) => t.prefix);
    expect(prefixes).toEqual([false, true, true, false]);
  });

  it('folds names the same way, for sorting and ranking', () => {
    expect(foldedName('  Éclair — Maker (XL)')).toBe('eclair maker xl');
    expect(queryWords('Éclair XL')).toEqual(['eclair', 'xl']);
  });
});
