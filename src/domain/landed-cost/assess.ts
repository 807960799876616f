import type { Currency } from '../shared/currency.ts';
import { assessDuty } from './assess-duty.ts';
import { assessFees, assessTax } from './assess-tax.ts';
import { Assessing } from './assessing.ts';
import type { Assessment, Consignment, TradeFacts } from './consignment.ts';
import { marketOf, staysWithin } from './market.ts';
import { currenciesOf, inForce, type Rule } from './rule.ts';

/** The rules that may speak of goods on this way on this day, whatever they are worth. */
export function rulesFor(rules: readonly Rule[], way: Pick<Consignment, 'from' | 'to' | 'at'>): Rule[] {
  const within = staysWithin(way);
  return rules.filter(
    (rule) =>
      rule.market === marketOf(way.to) &&
      inForce(rule, way.at) &&
      (rule.within ?? false) === within &&
      (rule.countries?.includes(way.to) ?? true) &&
      (rule.shippedFrom?.includes(way.from) ?? true),
  );
}

/**
 * What the import of a consignment costs, by the rules in force when it is asked: a pure function. Amounts are in the
 * consignment's currency; only thresholds and fixed amounts are converted.
 */
export function assess(consignment: Consignment, facts: TradeFacts): Assessment {
  const rules = rulesFor(facts.rules, consignment);
  const open = new Assessing(consignment, { ...facts, rules });
  if (marketOf(consignment.to) === undefined || !hasRates(open, rules.flatMap(currenciesOf))) {
    return open.unknown();
  }
  assessDuty(open);
  assessTax(open);
  assessFees(open);
  for (const rule of open.speaking('limit')) open.because('import_limit', rule.why, rule);
  return open.done();
}

/** Without them no threshold can be compared, so that nothing at all is known. */
function hasRates(open: Assessing, currencies: readonly Currency[]): boolean {
  const found = [...new Set(currencies)].map((currency) => open.rate(currency));
  return found.every((rate) => rate !== undefined);
}
