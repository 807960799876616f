import { assess } from '../../src/domain/landed-cost/assess.ts';
import type {
  Assessment,
  Consignment,
  ConsignmentLine,
  TradeFacts,
} from '../../src/domain/landed-cost/consignment.ts';
import { RULES } from '../../src/domain/landed-cost/rules/rule-book.ts';
import type { TariffRate } from '../../src/domain/landed-cost/tariff-rate.ts';
import { rateFinder } from '../../src/domain/pricing/exchange-rate.ts';
import { money } from '../../src/domain/shared/money.ts';

/** One line: an HS code, what it is worth in minor units, and whatever else matters. */
export const goods = (
  currency: string,
  hsCode: string,
  amount: bigint,
  more: Partial<ConsignmentLine> = {},
): ConsignmentLine => ({
  hsCode,
  origin: 'CN',
  value: money(amount, currency),
  quantity: 1,
  weightGrams: 500n,
  ...more,
});

export const tariff = (
  market: TariffRate['market'],
  hsPrefix: string,
  percent: bigint,
  more: Partial<TariffRate> = {},
): TariffRate => ({
  id: `${market}-${hsPrefix}`,
  market,
  hsPrefix,
  origin: '*',
  programme: '',
  adValorem: percent * 10_000n,
  perUnit: undefined,
  validFrom: new Date('2020-01-01T00:00:00Z'),
  validTo: undefined,
  source: 'test',
  ...more,
});

export interface Case {
  readonly to: string;
  readonly currency: string;
  readonly lines: readonly ConsignmentLine[];
  readonly from?: string;
  readonly freight?: bigint;
  readonly at?: string;
  readonly tariffs?: readonly TariffRate[];
  readonly facts?: Partial<TradeFacts>;
}

export const assessed = ({
  to,
  currency,
  lines,
  from = 'CN',
  freight = 0n,
  at = '2026-11-01',
  ...rest
}: Case): Assessment => {
  const day = new Date(`${at}T12:00:00Z`);
  const consignment: Consignment = { from, to, at: day, currency, freight: money(freight, currency), lines };
  return assess(consignment, {
    rules: RULES,
    tariffs: rest.tariffs ?? [],
    rates: rateFinder([], day, 30),
    standardVat: (country) =>
      ({ DE: 190_000n, HU: 270_000n, FI: 255_000n, FR: 200_000n, RO: 210_000n })[country],
    ...rest.facts,
  });
};

/** Minor units of all lines; undefined where one is not known. */
export function charged(assessment: Assessment, what: 'duty' | 'tax' | 'fees'): bigint | undefined {
  const known = assessment.lines.flatMap((line) => line[what]?.amount ?? []);
  return known.length === assessment.lines.length ? known.reduce((a, b) => a + b, 0n) : undefined;
}
