import type { Country } from '../shared/country.ts';

/** Members of the customs union by ISO code. Special territories (Canary Islands, …) are not told apart. */
const EU_MEMBERS = new Set<Country>(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

export const SINGLE_MARKETS = ['GB', 'US', 'AU', 'CA', 'CH', 'CN', 'JP', 'KR', 'BR'] as const;
export const MARKETS = ['EU', ...SINGLE_MARKETS] as const;
/** One customs territory with rules of its own: the EU, or a country. */
export type Market = (typeof MARKETS)[number];

/** Undefined for a country without rules here: what is imported there is not quoted. */
export const marketOf = (country: Country): Market | undefined =>
  EU_MEMBERS.has(country) ? 'EU' : SINGLE_MARKETS.find((market) => market === country);

/** Nothing is imported: the goods are in the market of their destination already. */
export const staysWithin = ({ from, to }: { readonly from: Country; readonly to: Country }): boolean =>
  from === to || (marketOf(from) !== undefined && marketOf(from) === marketOf(to));
