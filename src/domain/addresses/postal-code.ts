import type { Country } from '../shared/country.ts';
import { COUNTRY_RULES, type CountryRule, DEFAULT_RULE } from './country-rules.ts';

export const countryRule = (country: Country): CountryRule => COUNTRY_RULES[country] ?? DEFAULT_RULE;

// Where a country's format is not known, only that it may be a postal code at all.
const ANY_POSTAL_CODE = /^[A-Z0-9][A-Z0-9 -]{0,11}$/;

/** As people type it (full-width digits, lower case, doubled blanks, `CH-` before it) made into what the post writes. */
export function normalisePostalCode(country: Country, typed: string): string {
  const code = typed.normalize('NFKC').toUpperCase().replace(/\s+/g, ' ').trim();
  const { prefix } = countryRule(country);
  return prefix !== undefined && code.startsWith(prefix)
    ? code.slice(prefix.length).replace(/^[- ]+/, '')
    : code;
}

/** `code` is normalised. */
export function isPostalCode(country: Country, code: string): boolean {
  const { postal } = countryRule(country);
  return postal === undefined ? ANY_POSTAL_CODE.test(code) : new RegExp(`^(?:${postal})$`).test(code);
}
