import type { Sql } from '../sql.ts';
import { eventInvariants } from './event.invariants.ts';
import { fulfilmentInvariants } from './fulfilment.invariants.ts';
import type { Invariant } from './invariant.ts';
import { landedCostInvariants } from './landed-cost.invariants.ts';
import { orderInvariants } from './order.invariants.ts';
import { paymentInvariants } from './payment.invariants.ts';
import { promotionInvariants } from './promotion.invariants.ts';
import { stockInvariants } from './stock.invariants.ts';

/** Everything that must be true of the data, whatever happened. */
export const INVARIANTS: readonly Invariant[] = [
  ...stockInvariants,
  ...orderInvariants,
  ...landedCostInvariants,
  ...paymentInvariants,
  ...fulfilmentInvariants,
  ...promotionInvariants,
  ...eventInvariants,
];

export interface Violation {
  readonly invariant: Invariant;
  /** The offending rows, at most as many as were asked for. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** There are more. */
  readonly more: boolean;
}

/** @returns undefined when the invariant holds */
export async function violationOf(
  sql: Pick<Sql, 'query'>,
  invariant: Invariant,
  limit: number,
): Promise<Violation | undefined> {
  const rows = await sql.query<Record<string, unknown>>(
    `SELECT * FROM (${invariant.sql}) violations LIMIT ?`,
    [...(invariant.params ?? []), limit + 1],
  );
  if (rows.length === 0) return undefined;
  return { invariant, rows: rows.slice(0, limit), more: rows.length > limit };
}
