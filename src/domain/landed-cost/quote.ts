import type { Country } from '../shared/country.ts';
import { type FrozenRate, frozenRate, type RateFinder } from '../shared/exchange.ts';
import { type Money, sum } from '../shared/money.ts';
import { assess } from './assess.ts';
import type { Consignment, LineCharges, Reason, TradeFacts, UsedRule } from './consignment.ts';
import { marketOf } from './market.ts';
import type { Confidence } from './rule.ts';

export const QUOTE_STATUSES = ['complete', 'incomplete', 'unsupported'] as const;
/** `unsupported`: there are no rules for the country, so that nothing is known. */
export type QuoteStatus = (typeof QUOTE_STATUSES)[number];

/** What the import of a whole basket costs; undefined is what nobody knows. */
export interface LandedCost {
  readonly status: QuoteStatus;
  readonly country: Country;
  readonly reasons: readonly Reason[];
  /** The weakest of the rules'; undefined where none was needed. */
  readonly confidence: Confidence | undefined;
  readonly duty: Money | undefined;
  readonly tax: Money | undefined;
  readonly fees: Money | undefined;
  /** In the order of the basket. */
  readonly lines: readonly LineCharges[];
  readonly rules: readonly UsedRule[];
  /** The exchange rates that it rests on; none between equal currencies. */
  readonly rates: readonly FrozenRate[];
  readonly computedAt: Date;
}

/** The consignments of one basket, each with the places of its lines in it. */
export interface Parcel {
  readonly consignment: Consignment;
  readonly positions: readonly number[];
}

/** Each consignment on its own, as customs sees it, and their sum. @param more what else keeps the quote from being complete */
export function quoteParcels(
  parcels: readonly Parcel[],
  { to, at, currency }: Pick<Consignment, 'to' | 'at' | 'currency'>,
  { facts, more }: { readonly facts: TradeFacts; readonly more: readonly Reason[] },
): LandedCost {
  const used = new Map<string, FrozenRate>();
  const noted = { ...facts, rates: noting(facts.rates, used) };
  const assessed = parcels.map(({ consignment }) => assess(consignment, noted));
  const lines = parcels
    .flatMap(({ positions }, i) =>
      (assessed[i]?.lines ?? []).map((line, j) => ({ line, position: positions[j] ?? 0 })),
    )
    .sort((a, b) => a.position - b.position)
    .map(({ line }) => line);
  const rules = unique(assessed.flatMap((one) => one.rules));
  const supported = marketOf(to) !== undefined;
  const reasons = supported
    ? distinct([...more, ...assessed.flatMap((one) => one.reasons)])
    : [{ code: 'no_rule', message: `there are no import rules for ${to}` } as const];
  const total = (of: 'duty' | 'tax' | 'fees'): Money | undefined => {
    const known = lines.flatMap((line) => line[of] ?? []);
    return supported && known.length === lines.length ? sum(known, currency) : undefined;
  };
  return {
    status: supported ? (reasons.length === 0 ? 'complete' : 'incomplete') : 'unsupported',
    country: to,
    reasons,
    confidence: weakest(rules),
    duty: total('duty'),
    tax: total('tax'),
    fees: total('fees'),
    lines,
    rules,
    rates: [...used.values()],
    computedAt: at,
  };
}

const noting =
  (find: RateFinder, used: Map<string, FrozenRate>): RateFinder =>
  (from, to) => {
    const rate = find(from, to);
    if (rate !== undefined && rate.kind !== 'same') used.set(`${from} ${to}`, frozenRate(rate));
    return rate;
  };

const unique = (rules: readonly UsedRule[]): UsedRule[] => [
  ...new Map(rules.map((rule) => [rule.id, rule])).values(),
];

const distinct = (reasons: readonly Reason[]): Reason[] => [
  ...new Map(reasons.map((reason) => [`${reason.code} ${reason.message}`, reason])).values(),
];

function weakest(rules: readonly UsedRule[]): Confidence | undefined {
  if (rules.length === 0) return undefined;
  return rules.some((rule) => rule.confidence === 'reported') ? 'reported' : 'confirmed';
}
