import type { Assessing, OpenLine } from './assessing.ts';
import { spread, usedRule, usedTariff } from './consignment.ts';
import { staysWithin } from './market.ts';
import type { Amount, Basis, DutyRule, DutyTerms, WaiverRule } from './rule.ts';
import { findTariff, portion, tariffDuty } from './tariff-rate.ts';

/** Duty, and what is put on top of it or let off. */
export function assessDuty(open: Assessing): void {
  if (staysWithin(open.consignment)) {
    for (const line of open.lines) line.duty = 0n;
    return;
  }
  for (const [rule, lines] of open.byRule(open.speaking('duty'))) {
    if (rule === undefined) {
      open.because('no_rule', 'no duty rule is in force for these goods on this day');
      continue;
    }
    open.use(usedRule(rule));
    charge(open, rule, lines);
  }
  for (const rule of open.speaking('surcharge')) {
    open.use(usedRule(rule));
    for (const line of open.lines) add(line, portion(line.value.amount, rule.rate));
  }
  waive(open);
}

function charge(open: Assessing, { terms }: DutyRule, lines: readonly OpenLine[]): void {
  switch (terms.type) {
    case 'none':
      for (const line of lines) line.duty = 0n;
      break;
    case 'per_tariff_item':
      perTariffItem(open, lines, terms.amount);
      break;
    case 'tariff':
      for (const line of lines) byTariff(open, line, terms.on);
      break;
    case 'percent':
      percent(open, lines, terms);
      break;
  }
}

/** The lines of one HS6 share one amount, by what they are worth. */
function perTariffItem(open: Assessing, lines: readonly OpenLine[], amount: Amount): void {
  const each = open.money(open.fixed(amount));
  for (const item of tariffItems(lines)) {
    const parts = spread(
      each,
      item.map((line) => line.value.amount),
    );
    item.forEach((line, i) => {
      line.duty = parts[i]?.amount ?? 0n;
    });
  }
}

/** Lines of one HS6 are one tariff item. */
export function tariffItems(lines: readonly OpenLine[]): OpenLine[][] {
  const items = new Map<string, OpenLine[]>();
  for (const line of lines) {
    const hs6 = line.hsCode.slice(0, 6);
    items.set(hs6, [...(items.get(hs6) ?? []), line]);
  }
  return [...items.values()];
}

function byTariff(open: Assessing, line: OpenLine, basis: Basis): void {
  const customsValue = open.worth(line, basis);
  line.customsValue = customsValue;
  const tariff = findTariff(open.facts.tariffs, line);
  if (tariff === undefined) {
    const message = `no tariff of ${open.consignment.to} for the HS code ${line.hsCode} from ${line.origin}`;
    open.because('tariff_missing', message);
    return;
  }
  open.use(usedTariff(tariff));
  const rate = tariff.perUnit && open.rateFrom(tariff.perUnit.currency);
  if (tariff.perUnit !== undefined && rate === undefined) return;
  const { quantity, weightGrams } = line;
  line.duty = tariffDuty(tariff, { value: open.money(customsValue), quantity, weightGrams }, rate).amount;
}

function percent(
  open: Assessing,
  lines: readonly OpenLine[],
  { rate, on, less }: Extract<DutyTerms, { type: 'percent' }>,
): void {
  for (const line of lines) line.customsValue = open.worth(line, on);
  const value = lines.reduce((total, line) => total + line.customsValue, 0n);
  const due = portion(value, rate) - (less === undefined ? 0n : open.fixed(less));
  const parts = spread(
    open.money(due < 0n ? 0n : due),
    lines.map((line) => line.customsValue),
  );
  lines.forEach((line, i) => {
    line.duty = parts[i]?.amount ?? 0n;
  });
}

const add = (line: OpenLine, amount: bigint): void => {
  if (line.duty !== undefined) line.duty += amount;
};

/** Only what is known to be due, all of it, can be known to be little. */
function waive(open: Assessing): void {
  const duties = open.lines.map((line) => line.duty);
  if (duties.includes(undefined)) return;
  const due = duties.reduce<bigint>((total, duty) => total + (duty ?? 0n), 0n);
  if (due === 0n) return;
  for (const rule of open.speaking('waiver').filter((waiver) => waiver.of === 'duty')) {
    if (!isWaived(open, due, rule)) continue;
    open.use(usedRule(rule));
    for (const line of open.lines) line.duty = 0n;
  }
}

export function isWaived(open: Assessing, due: bigint, { limit, inclusive }: WaiverRule): boolean {
  const worth = open.compare(open.money(due), limit);
  return inclusive ? worth <= 0 : worth < 0;
}
