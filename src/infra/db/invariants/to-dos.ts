import { NEEDS_ATTENTION } from '../payments/refund-rows.ts';
import type { Invariant } from './invariant.ts';

/** What is no fault of the data, but waits for somebody: as a statement that returns no row when nothing does. */
export interface ToDo extends Invariant {
  readonly remedy: string;
}

export const TO_DOS: readonly ToDo[] = [
  {
    name: 'refund-attention',
    promise: 'no refund that failed waits for somebody to look after it',
    sql: `SELECT r.id AS refund_id, r.payment_id, r.order_id, r.amount, r.currency, r.reason, r.failure_code FROM refunds r
      JOIN payment_captures c ON c.payment_id = r.payment_id WHERE ${NEEDS_ATTENTION}`,
    remedy:
      'the money is still here: make it again with POST /api/v1/refunds/{id}/retry, or say with …/close why that is not needed',
  },
  {
    name: 'capture-short',
    promise: 'no order that is to be shipped was captured only in part',
    sql: `SELECT o.id AS order_id, o.number, c.payment_id, c.amount AS captured, o.total, o.currency FROM orders o
      JOIN payments p ON p.order_id = o.id AND p.status = 'captured'
      JOIN payment_captures c ON c.payment_id = p.id WHERE o.status = 'paid' AND c.amount < o.total`,
    remedy:
      'somebody captured less at the provider than the order costs: ship it all the same, cancel units, or cancel it',
  },
];
