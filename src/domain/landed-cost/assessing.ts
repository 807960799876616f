import type { Currency } from '../shared/currency.ts';
import { type AppliedRate, compareWorth, convert } from '../shared/exchange.ts';
import { type Money, sum } from '../shared/money.ts';
import {
  type Assessment,
  type Consignment,
  type ConsignmentLine,
  type Reason,
  type ReasonCode,
  spread,
  type TradeFacts,
  type UsedRule,
  usedRule,
} from './consignment.ts';
import { type Amount, type Basis, type Rule, startsWithAny, type Threshold } from './rule.ts';

type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

/** A line while it is assessed: minor units of the consignment's currency. */
export interface OpenLine extends ConsignmentLine {
  readonly index: number;
  /** Its share of the freight. */
  readonly freight: bigint;
  customsValue: bigint;
  duty: bigint | undefined;
  tax: bigint | undefined;
  fees: bigint;
}

/** A consignment while it is assessed: its lines, and what was found out on the way. */
export class Assessing {
  readonly consignment: Consignment;
  readonly facts: TradeFacts;
  readonly lines: readonly OpenLine[];
  readonly #used = new Map<string, UsedRule>();
  readonly #reasons = new Map<string, Reason>();

  constructor(consignment: Consignment, facts: TradeFacts) {
    this.consignment = consignment;
    this.facts = facts;
    const freight = spread(
      consignment.freight,
      consignment.lines.map((line) => line.value.amount),
    );
    this.lines = consignment.lines.map((line, index) => ({
      ...line,
      index,
      freight: freight[index]?.amount ?? 0n,
      customsValue: line.value.amount,
      duty: undefined,
      tax: undefined,
      fees: 0n,
    }));
  }

  money(amount: bigint): Money {
    return { amount, currency: this.consignment.currency };
  }

  /** From the consignment's currency; says why where there is none, and where it is too old. */
  rate(to: Currency): AppliedRate | undefined {
    return this.#found(this.consignment.currency, to);
  }

  #found(from: Currency, to: Currency): AppliedRate | undefined {
    const rate = this.facts.rates(from, to);
    if (rate === undefined) this.because('exchange_rate_missing', `no exchange rate from ${from} to ${to}`);
    if (rate?.stale === true)
      this.because('exchange_rate_stale', `the exchange rate from ${from} to ${to} is too old`);
    return rate;
  }

  /** A tariff's rate, into the consignment's currency. */
  rateFrom(from: Currency): AppliedRate | undefined {
    return this.#found(from, this.consignment.currency);
  }

  /** A fixed amount of a rule in the consignment's currency, half to even. */
  fixed({ amount, currency }: Amount): bigint {
    const rate = this.rateFrom(currency);
    return rate === undefined ? 0n : convert({ amount, currency }, rate).amount;
  }

  worth(line: OpenLine, basis: Basis): bigint {
    return basis === 'cif' ? line.value.amount + line.freight : line.value.amount;
  }

  total(basis: Basis): Money {
    return sum(
      this.lines.map((line) => this.money(this.worth(line, basis))),
      this.consignment.currency,
    );
  }

  isOver(threshold: Threshold): boolean {
    return this.compare(this.total(threshold.of), threshold) > 0;
  }

  /** Below 0 when the amount is worth less. Its rate is there, or nothing would be assessed. */
  compare(amount: Money, limit: Amount): number {
    const rate = this.rate(limit.currency);
    if (rate === undefined) throw new Error(`no exchange rate to ${limit.currency}`);
    return compareWorth(amount, limit, rate);
  }

  /** The rules of a kind whose thresholds the whole consignment meets, in the order in which they are written. */
  speaking<K extends Rule['kind']>(kind: K): RuleOf<K>[] {
    return this.facts.rules.filter(
      (rule): rule is RuleOf<K> =>
        rule.kind === kind &&
        (rule.upTo === undefined || !this.isOver(rule.upTo)) &&
        (rule.over === undefined || this.isOver(rule.over)),
    );
  }

  /** The lines of each rule: of those that speak, the first that is for the line's HS code. */
  byRule<R extends Rule>(rules: readonly R[]): Map<R | undefined, OpenLine[]> {
    const groups = new Map<R | undefined, OpenLine[]>();
    for (const line of this.lines) {
      const rule = rules.find(
        ({ hs, exceptHs }) =>
          (hs === undefined || startsWithAny(line.hsCode, hs)) && !startsWithAny(line.hsCode, exceptHs ?? []),
      );
      groups.set(rule, [...(groups.get(rule) ?? []), line]);
    }
    return groups;
  }

  use(rule: UsedRule): void {
    this.#used.set(rule.id, rule);
  }

  because(code: ReasonCode, message: string, rule?: Rule): void {
    if (rule !== undefined) this.use(usedRule(rule));
    this.#reasons.set(`${code} ${message}`, { code, message });
  }

  /** Nothing could be found out. */
  unknown(): Assessment {
    return {
      lines: this.lines.map((line) => ({
        customsValue: line.value,
        duty: undefined,
        tax: undefined,
        fees: undefined,
      })),
      rules: [],
      reasons: [...this.#reasons.values()],
    };
  }

  done(): Assessment {
    const known = (amount: bigint | undefined) => (amount === undefined ? undefined : this.money(amount));
    return {
      lines: this.lines.map(({ customsValue, duty, tax, fees }) => ({
        customsValue: this.money(customsValue),
        duty: known(duty),
        tax: known(tax),
        fees: this.money(fees),
      })),
      rules: [...this.#used.values()],
      reasons: [...this.#reasons.values()],
    };
  }
}
