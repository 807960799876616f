import type { Locale } from '../shared/locale.ts';

/** What a search box may send; longer input is refused at the boundary. */
export const SEARCH_MAX_LENGTH = 200;
const MAX_QUERY_TERMS = 10;
/** Below InnoDB's largest token (84), so that a long word is cut here, alike in documents and in queries. */
const MAX_TERM_LENGTH = 80;

const WORD = /[\p{L}\p{N}]+/gu;
const CJK_RUN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
const CJK_START = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Written in a script that puts no blanks between words. */
export const hasNoBlanks = (word: string): boolean => CJK_START.test(word);

/** Most words are: they need no folding but of their case. */
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** Compatibility forms unified, case and accents dropped: `Ｃafé` becomes `cafe`. */
function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss');
}

/** The folded words of a text, joined by one blank: what names sort and rank by, the same on every database. */
export const foldedName = (text: string): string => (fold(text).match(WORD) ?? []).join(' ');

/** Only ASCII letters and digits reach the index, because servers disagree about which other characters are letters. */
function ascii(word: string): string {
  if (isAscii(word)) return word.slice(0, MAX_TERM_LENGTH);
  let out = '';
  for (const char of word) {
    const code = char.codePointAt(0) ?? 0;
    out += code < 128 ? char : `u${code.toString(36).padStart(4, '0')}`;
  }
  return out.slice(0, MAX_TERM_LENGTH);
}

/** Every pair of neighbours; in a document also the last character alone, so that any one character is a prefix. */
function cjkTerms(run: string, use: 'document' | 'query'): string[] {
  const chars = Array.from(run);
  const pairs = chars.slice(1).map((char, i) => `${chars[i] ?? ''}${char}`);
  const last = chars.at(-1) ?? '';
  return use === 'document' || pairs.length === 0 ? [...pairs, last] : pairs;
}

/** The parts of a text that become terms: words, and the pairs of scripts without blanks. */
function* partsOf(text: string, use: 'document' | 'query'): Generator<string> {
  for (const word of fold(text).match(WORD) ?? []) {
    if (isAscii(word)) yield word;
    else for (const run of word.match(CJK_RUN) ?? []) yield* hasNoBlanks(run) ? cjkTerms(run, use) : [run];
  }
}

const termOf = (part: string, locale: Locale): string => `${locale}x${ascii(part)}`;

/**
 * The index terms of a text, as every database stores them: folded, split on what is neither letter nor digit,
 * Chinese and Japanese runs cut into pairs of characters (they have no blanks between words). Each term carries its
 * language in front: that keeps languages apart inside one index, and makes every term longer than the servers'
 * shortest token and none of their stop words.
 */
export const documentTerms = (text: string, locale: Locale): string[] => [
  ...new Set(Array.from(partsOf(text, 'document'), (part) => termOf(part, locale))),
];

export interface QueryTerm {
  readonly term: string;
  /** Whether words that begin with it are meant too: all but a single letter, which begins too many. */
  readonly prefix: boolean;
}

/** What a query asks for, in the same terms: at most ten, all of which must occur. */
export function queryTerms(query: string, locale: Locale): QueryTerm[] {
  const parts = [...new Set(partsOf(query, 'query'))].slice(0, MAX_QUERY_TERMS);
  return parts.map((part) => ({ term: termOf(part, locale), prefix: hasNoBlanks(part) || part.length > 1 }));
}

/** The words of a query as `foldedName` writes them, for ranking by name. */
export const queryWords = (query: string): string[] =>
  foldedName(query)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MAX_QUERY_TERMS);
