import type { Country } from '../shared/country.ts';
import type { Currency } from '../shared/currency.ts';
import type { Market } from './market.ts';

/** `reported`: found in secondary sources, or with a part of it not confirmed by them. */
export type Confidence = 'confirmed' | 'reported';

/** Minor units of a currency. */
export interface Amount {
  readonly amount: bigint;
  readonly currency: Currency;
}

/** Of the consignment: `goods` after discounts (FOB, and the intrinsic value), or goods with freight (CIF). */
export type Basis = 'goods' | 'cif';

export interface Threshold extends Amount {
  readonly of: Basis;
}

/** What every rule says of itself. It is in force from the first to the last of its days (UTC), both included. */
interface Facts {
  readonly id: string;
  readonly market: Market;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly source: string;
  readonly confidence: Confidence;
}

/** When a rule speaks. A consignment that is worth exactly the threshold is `upTo` it. */
interface Scope {
  readonly upTo?: Threshold;
  readonly over?: Threshold;
  /** The destination, where the rule is one of a member only. */
  readonly countries?: readonly Country[];
  /** The country of direct shipment. */
  readonly shippedFrom?: readonly Country[];
  /** The goods are in the market already: nothing is imported. */
  readonly within?: true;
  /** Beginnings of HS codes that it is for, or that it is not for. */
  readonly hs?: readonly string[];
  readonly exceptHs?: readonly string[];
}

/** Millionths: 8.1 % is 81_000n. */
export type Ppm = bigint;

export type DutyTerms =
  | { readonly type: 'none' }
  /** Once per distinct HS6 among its lines, however many pieces. */
  | { readonly type: 'per_tariff_item'; readonly amount: Amount }
  | { readonly type: 'tariff'; readonly on: Basis }
  /** Of the whole consignment, less an amount, and not below nothing. */
  | { readonly type: 'percent'; readonly rate: Ppm; readonly on: Basis; readonly less?: Amount };

/** For each line the first one that speaks counts. */
export interface DutyRule extends Facts, Scope {
  readonly kind: 'duty';
  readonly terms: DutyTerms;
}

/** A duty on top of whatever the tariff says, on the goods alone. */
export interface SurchargeRule extends Facts, Scope {
  readonly kind: 'surcharge';
  readonly rate: Ppm;
}

/** A duty, or a tax, of the whole consignment that is no more than this (or less than it) is not collected. */
export interface WaiverRule extends Facts, Scope {
  readonly kind: 'waiver';
  readonly of: 'duty' | 'tax';
  readonly limit: Amount;
  /** Whether exactly the limit is waived, too. */
  readonly inclusive: boolean;
}

/** For each line the first one that speaks counts. */
export interface TaxRule extends Facts, Scope {
  readonly kind: 'tax';
  readonly rate: Ppm | 'standard-vat';
  /** What is taxed beside the goods. */
  readonly on: readonly ('freight' | 'duty')[];
  /** The tax is part of its own base: base = value / (1 - rate). */
  readonly inside?: true;
  readonly collected: 'sale' | 'import';
  /** Why the tax of goods with these HS codes may be another one: the quote is then incomplete. */
  readonly uncertain?: readonly { readonly hs: readonly string[]; readonly why: string }[];
}

export interface FeeRule extends Facts, Scope {
  readonly kind: 'fee';
  readonly amount: Amount;
  readonly per: 'tariff_item' | 'consignment';
}

/** What a consignment is not let in for, or not under these rules. */
export interface LimitRule extends Facts, Scope {
  readonly kind: 'limit';
  readonly why: string;
}

export type Rule = DutyRule | SurchargeRule | WaiverRule | TaxRule | FeeRule | LimitRule;

export const inForce = ({ validFrom, validTo }: Rule, at: Date): boolean => {
  const day = at.toISOString().slice(0, 10);
  return validFrom <= day && (validTo === undefined || day <= validTo);
};

export const startsWithAny = (hsCode: string, beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => hsCode.startsWith(beginning));

/** The currencies that a rule's amounts are of. */
export function currenciesOf(rule: Rule): Currency[] {
  const amounts = [rule.upTo, rule.over];
  if (rule.kind === 'waiver') return currencies([...amounts, rule.limit]);
  if (rule.kind === 'fee') return currencies([...amounts, rule.amount]);
  if (rule.kind !== 'duty') return currencies(amounts);
  if (rule.terms.type === 'per_tariff_item') return currencies([...amounts, rule.terms.amount]);
  return currencies(rule.terms.type === 'percent' ? [...amounts, rule.terms.less] : amounts);
}

const currencies = (amounts: readonly (Amount | undefined)[]): Currency[] =>
  amounts.flatMap((amount) => (amount === undefined ? [] : [amount.currency]));
