import type { Reason, UsedRule } from '../../../domain/landed-cost/consignment.ts';
import type { FrozenLandedCost, LandedCostStore } from '../../../domain/landed-cost/landed-cost.store.ts';
import type { QuoteStatus } from '../../../domain/landed-cost/quote.ts';
import type { Confidence } from '../../../domain/landed-cost/rule.ts';
import type { FrozenRate } from '../../../domain/shared/exchange.ts';
import { insertRows } from '../insert-rows.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type RawInteger, type RawJson, toBigint, toDate, toJson } from '../values.ts';

interface Row {
  country: string;
  status: QuoteStatus;
  confidence: Confidence | null;
  duty: RawInteger | null;
  tax: RawInteger | null;
  fees: RawInteger | null;
  rules: RawJson;
  rates: RawJson;
  reasons: RawJson;
  computed_at: RawDate;
}

const COLUMNS = [
  'country',
  'status',
  'confidence',
  'duty',
  'tax',
  'fees',
  'rules',
  'rates',
  'reasons',
  'computed_at',
] as const;

/** Undefined for an order of before there were quotes. */
export async function readLandedCost(
  sql: Sql,
  order: { readonly id: string; readonly currency: string },
): Promise<FrozenLandedCost | undefined> {
  const [row] = await sql.query<Row>(
    `SELECT ${COLUMNS.join(', ')} FROM order_landed_costs WHERE order_id = ?`,
    [order.id],
  );
  if (row === undefined) return undefined;
  const known = (amount: RawInteger | null) =>
    amount === null ? undefined : { amount: toBigint(amount), currency: order.currency };
  return {
    status: row.status,
    country: row.country,
    confidence: row.confidence ?? undefined,
    duty: known(row.duty),
    tax: known(row.tax),
    fees: known(row.fees),
    rules: toJson(row.rules) as UsedRule[],
    rates: toJson(row.rates) as FrozenRate[],
    reasons: toJson(row.reasons) as Reason[],
    computedAt: toDate(row.computed_at),
  };
}

export class SqlLandedCostStore implements LandedCostStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  freeze(orderId: string, cost: FrozenLandedCost): Promise<void> {
    return insertRows(
      this.#sql,
      'order_landed_costs',
      ['order_id', ...COLUMNS],
      [
        [
          orderId,
          ...[cost.country, cost.status, cost.confidence],
          ...[cost.duty?.amount, cost.tax?.amount, cost.fees?.amount],
          ...[JSON.stringify(cost.rules), JSON.stringify(cost.rates), JSON.stringify(cost.reasons)],
          cost.computedAt,
        ],
      ],
    );
  }
}
