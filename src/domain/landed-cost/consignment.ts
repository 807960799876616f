import type { Country } from '../shared/country.ts';
import type { Currency } from '../shared/currency.ts';
import type { RateFinder } from '../shared/exchange.ts';
import { allocate, type Money } from '../shared/money.ts';
import type { Confidence, Ppm, Rule } from './rule.ts';
import type { TariffRate } from './tariff-rate.ts';

/** Goods that cross the border together: what one warehouse sends to one address. */
export interface Consignment {
  readonly from: Country;
  readonly to: Country;
  readonly at: Date;
  /** Of every amount in it. */
  readonly currency: Currency;
  readonly freight: Money;
  readonly lines: readonly ConsignmentLine[];
}

export interface ConsignmentLine {
  /** 6 to 10 digits. */
  readonly hsCode: string;
  readonly origin: Country;
  /** After discounts, without freight and taxes. */
  readonly value: Money;
  readonly quantity: number;
  readonly weightGrams: bigint;
}

/** What the import of one line costs. Undefined is what nobody knows, never nothing. */
export interface LineCharges {
  readonly customsValue: Money;
  readonly duty: Money | undefined;
  readonly tax: Money | undefined;
  readonly fees: Money | undefined;
}

export const REASONS = [
  'no_rule',
  'tariff_missing',
  'exchange_rate_missing',
  'exchange_rate_stale',
  'vat_rate_missing',
  'tax_uncertain',
  'import_limit',
  'identity_required',
  'prices_include_tax',
] as const;
export type ReasonCode = (typeof REASONS)[number];

/** Why a quote is not complete. */
export interface Reason {
  readonly code: ReasonCode;
  readonly message: string;
}

/** A rule that a quote rests on, as it was. */
export interface UsedRule {
  readonly id: string;
  readonly kind: Rule['kind'] | 'tariff';
  readonly source: string;
  readonly confidence: Confidence;
  readonly validFrom: string;
  readonly validTo: string | null;
  /** Of a tax: by the seller when he sells, or at the border. */
  readonly collected: 'sale' | 'import' | null;
}

/** What is known when a consignment is assessed. */
export interface TradeFacts {
  readonly rules: readonly Rule[];
  /** In force, of the destination's market. */
  readonly tariffs: readonly TariffRate[];
  readonly rates: RateFinder;
  /** The standard rate of VAT; undefined for a country whose rate is not shipped. */
  readonly standardVat: (country: Country) => Ppm | undefined;
}

export interface Assessment {
  /** In the order of the consignment's lines. */
  readonly lines: readonly LineCharges[];
  readonly rules: readonly UsedRule[];
  /** None: everything is known. */
  readonly reasons: readonly Reason[];
}

export const usedRule = (rule: Rule): UsedRule => ({
  id: rule.id,
  kind: rule.kind,
  source: rule.source,
  confidence: rule.confidence,
  validFrom: rule.validFrom,
  validTo: rule.validTo ?? null,
  collected: rule.kind === 'tax' ? rule.collected : null,
});

/** What a tariff says is as good as its source, which is not ours to vouch for. */
export const usedTariff = (tariff: TariffRate): UsedRule => ({
  id: `tariff:${tariff.market}:${tariff.hsPrefix}:${tariff.origin}`,
  kind: 'tariff',
  source: tariff.source,
  confidence: 'reported',
  validFrom: tariff.validFrom.toISOString().slice(0, 10),
  validTo: tariff.validTo === undefined ? null : lastDay(tariff.validTo),
  collected: null,
});

const lastDay = (end: Date): string => new Date(end.getTime() - 1).toISOString().slice(0, 10);

/** By largest remainder; in equal parts where there is nothing to go by. */
export function spread(total: Money, weights: readonly bigint[]): Money[] {
  if (weights.length === 0) return [];
  return allocate(total, weights.some((weight) => weight > 0n) ? weights : weights.map(() => 1n));
}
