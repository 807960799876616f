import type { Invariant } from './invariant.ts';

export const promotionInvariants: readonly Invariant[] = [
  {
    name: 'promotion-limit',
    promise: 'a limited promotion counts the orders that hold it, and never more than its limit',
    sql: `SELECT p.id AS promotion_id, p.total_limit, p.redeemed, COUNT(r.id) AS held FROM promotions p
      LEFT JOIN promotion_redemptions r ON r.promotion_id = p.id AND r.released_at IS NULL
      WHERE p.total_limit IS NOT NULL GROUP BY p.id, p.total_limit, p.redeemed
      HAVING COUNT(r.id) <> p.redeemed OR p.redeemed > p.total_limit`,
  },
  {
    name: 'promotion-released',
    promise:
      'an order that was cancelled or expired holds no redemption, and what is given back holds no slot',
    sql: `SELECT r.id AS redemption_id, r.promotion_id, r.order_id, o.status FROM promotion_redemptions r
      JOIN orders o ON o.id = r.order_id
      WHERE (r.released_at IS NULL AND o.status IN ('cancelled', 'expired')) OR (r.released_at IS NOT NULL AND r.slot IS NOT NULL)`,
  },
];
