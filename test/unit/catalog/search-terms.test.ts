import { describe, expect, it } from '@jest/globals';
import { foldedName, queryWords, searchTerms } from '../../../src/domain/catalog/search-terms.ts';

describe('search terms', () => {
  it('drops case, accents and punctuation, and puts the language in front', () => {
    expect(searchTerms('Café-Crème, 2.4GHz!', 'en', 'document')).toEqual([
      'enxcafe',
      'enxcreme',
      'enx2',
      'enx4ghz',
    ]);
  });

  it('unifies compatibility forms', () => {
    expect(searchTerms('Ｗｉｄｅ ﬁre Straße', 'de', 'query')).toEqual(['dexwide', 'dexfire', 'dexstrasse']);
  });

  it('keeps each term once', () => {
    expect(searchTerms('go GO Go', 'en', 'document')).toEqual(['enxgo']);
  });

  it('cuts Chinese into pairs, and keeps the last character of a document findable alone', () => {
    const document = searchTerms('无线耳机', 'zh', 'document');
    expect(document).toHaveLength(4);
    expect(searchTerms('耳机', 'zh', 'query')).toEqual([document[2]]);
    for (const char of '无线耳机') {
      const [query] = searchTerms(char, 'zh', 'query');
      expect(document.some((term) => term.startsWith(query ?? '?'))).toBe(true);
    }
    expect(searchTerms('机无', 'zh', 'query').every((term) => document.includes(term))).toBe(false);
  });

  it('splits a run of Latin from a run of Chinese', () => {
    expect(searchTerms('USB充电器', 'zh', 'query')).toHaveLength(3);
  });

  it('makes nothing but ASCII letters and digits, none longer than a server can index', () => {
    const terms = searchTerms(`Привет наушники ${'д'.repeat(100)} 𠀀𠀁 한국어`, 'en', 'document');
    for (const term of terms) expect(term).toMatch(/^[a-z0-9]{4,83}$/);
  });

  it('takes at most ten terms of a query, and none from one without words', () => {
    expect(searchTerms('a b c d e f g h i j k l', 'en', 'query')).toHaveLength(10);
    expect(searchTerms('+-"*() ~<>@', 'en', 'query')).toEqual([]);
  });

  it('folds names the same way, for sorting and ranking', () => {
    expect(foldedName('  Éclair — Maker (XL)')).toBe('eclair maker xl');
    expect(queryWords('Éclair XL')).toEqual(['eclair', 'xl']);
  });
});
