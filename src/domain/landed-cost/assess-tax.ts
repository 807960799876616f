import { divideHalfEven } from '../shared/money.ts';
import { isWaived, tariffItems } from './assess-duty.ts';
import type { Assessing, OpenLine } from './assessing.ts';
import { spread, usedRule } from './consignment.ts';
import { staysWithin } from './market.ts';
import { type Ppm, startsWithAny, type TaxRule } from './rule.ts';
import { portion } from './tariff-rate.ts';

const WHOLE = 1_000_000n;

/** After the duty, which most taxes are on, too. */
export function assessTax(open: Assessing): void {
  for (const [rule, lines] of open.byRule(open.speaking('tax'))) {
    if (rule !== undefined) {
      open.use(usedRule(rule));
      charge(open, rule, lines);
    } else if (staysWithin(open.consignment)) {
      // The tax of a domestic sale is no cost of an import.
      for (const line of lines) line.tax = 0n;
    } else {
      open.because('no_rule', 'no tax rule is in force for these goods on this day');
    }
  }
  waive(open);
}

/** One rounding for all lines of a rule, spread over them by what each is taxed on. */
function charge(open: Assessing, rule: TaxRule, lines: readonly OpenLine[]): void {
  const rate = rateOf(open, rule);
  const bases = lines.map((line) => baseOf(line, rule));
  const known = bases.flatMap((base) => (base === undefined ? [] : [base]));
  if (rate === undefined || (rate > 0n && known.length < bases.length)) return;
  const base = known.reduce((total, part) => total + part, 0n);
  const due = rule.inside === true ? divideHalfEven(base * rate, WHOLE - rate) : portion(base, rate);
  const parts = spread(open.money(due), rate === 0n ? bases.map(() => 0n) : known);
  lines.forEach((line, i) => {
    line.tax = parts[i]?.amount ?? 0n;
  });
  for (const { hs, why } of rule.uncertain ?? []) {
    if (rate > 0n && lines.some((line) => startsWithAny(line.hsCode, hs))) open.because('tax_uncertain', why);
  }
}

function rateOf(open: Assessing, { rate }: TaxRule): Ppm | undefined {
  if (rate !== 'standard-vat') return rate;
  const { to } = open.consignment;
  const standard = open.facts.standardVat(to);
  if (standard === undefined) open.because('vat_rate_missing', `the VAT rate of ${to} is not known`);
  return standard;
}

function baseOf(line: OpenLine, { on }: TaxRule): bigint | undefined {
  const duty = on.includes('duty') ? line.duty : 0n;
  return duty === undefined
    ? undefined
    : line.value.amount + duty + (on.includes('freight') ? line.freight : 0n);
}

function waive(open: Assessing): void {
  const taxes = open.lines.map((line) => line.tax);
  if (taxes.includes(undefined)) return;
  const due = taxes.reduce<bigint>((total, tax) => total + (tax ?? 0n), 0n);
  if (due === 0n) return;
  for (const rule of open.speaking('waiver').filter((waiver) => waiver.of === 'tax')) {
    if (!isWaived(open, due, rule)) continue;
    open.use(usedRule(rule));
    for (const line of open.lines) line.tax = 0n;
  }
}

/** Charges of handling and customs clearance: no duty, and not taxed here. */
export function assessFees(open: Assessing): void {
  for (const rule of open.speaking('fee')) {
    open.use(usedRule(rule));
    const each = open.money(open.fixed(rule.amount));
    for (const item of rule.per === 'tariff_item' ? tariffItems(open.lines) : [open.lines]) {
      const parts = spread(
        each,
        item.map((line) => line.value.amount),
      );
      item.forEach((line, i) => {
        line.fees += parts[i]?.amount ?? 0n;
      });
    }
  }
}
