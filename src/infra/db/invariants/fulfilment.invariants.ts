import type { Invariant } from './invariant.ts';

export const fulfilmentInvariants: readonly Invariant[] = [
  {
    name: 'fulfilment-units',
    promise: 'no more units are shipped and cancelled than were ordered',
    sql: `SELECT l.order_id, l.id AS order_line_id, l.quantity, COALESCE(s.quantity, 0) AS shipped, COALESCE(c.quantity, 0) AS cancelled
      FROM order_lines l
      LEFT JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM shipment_lines
        GROUP BY order_line_id) s ON s.order_line_id = l.id
      LEFT JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM order_cancellation_lines
        GROUP BY order_line_id) c ON c.order_line_id = l.id
      WHERE l.quantity < COALESCE(s.quantity, 0) + COALESCE(c.quantity, 0)`,
  },
  {
    name: 'return-units',
    promise: 'no more units come back than were shipped, and none is both restocked and written off',
    sql: `SELECT l.order_id, l.id AS order_line_id, COALESCE(s.quantity, 0) AS shipped, r.quantity AS returned, r.excess
      FROM order_lines l
      JOIN (SELECT rl.order_line_id, MAX(rl.restocked + rl.written_off - rl.quantity) AS excess,
        SUM(CASE WHEN r.status IN ('received', 'refunded') THEN rl.restocked + rl.written_off ELSE rl.quantity END) AS quantity
        FROM order_return_lines rl JOIN order_returns r ON r.id = rl.return_id
        WHERE r.status NOT IN ('rejected', 'withdrawn') GROUP BY rl.order_line_id) r ON r.order_line_id = l.id
      LEFT JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM shipment_lines
        GROUP BY order_line_id) s ON s.order_line_id = l.id
      WHERE r.quantity > COALESCE(s.quantity, 0) OR r.excess > 0`,
  },
  {
    name: 'return-refunded',
    promise:
      'a return that is refunded says how much went back, which is never more than its lines are worth',
    sql: `SELECT r.id AS return_id, r.order_id, r.status, r.refunded_amount, COALESCE(l.amount, 0) AS owed FROM order_returns r
      LEFT JOIN (SELECT return_id, SUM(amount) AS amount FROM order_return_lines GROUP BY return_id) l ON l.return_id = r.id
      WHERE (r.status = 'refunded' AND (r.refunded_amount IS NULL OR r.refunded_amount > COALESCE(l.amount, 0)))
        OR (r.status <> 'refunded' AND r.refunded_amount IS NOT NULL)`,
  },
  {
    name: 'return-history',
    promise: "a return's history ends with its status",
    sql: `SELECT r.id AS return_id, r.order_id, r.status, h.to_status AS last_step FROM order_returns r
      LEFT JOIN (SELECT return_id, MAX(position) AS last_position FROM order_return_history GROUP BY return_id) x ON x.return_id = r.id
      LEFT JOIN order_return_history h ON h.return_id = r.id AND h.position = x.last_position
      WHERE h.id IS NULL OR h.to_status <> r.status`,
  },
];
