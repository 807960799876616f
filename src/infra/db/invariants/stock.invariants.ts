import type { Invariant } from './invariant.ts';

export const stockInvariants: readonly Invariant[] = [
  {
    name: 'stock-available',
    promise: 'no stock level has promised more than it has, and none is negative',
    sql: `SELECT id AS stock_level_id, on_hand, reserved FROM stock_levels
      WHERE on_hand < reserved OR on_hand < 0 OR reserved < 0`,
  },
  {
    name: 'stock-reserved',
    promise: 'what a stock level has reserved is the sum of its open reservations',
    sql: `SELECT l.id AS stock_level_id, l.reserved, COALESCE(r.quantity, 0) AS open_reservations
      FROM stock_levels l
      LEFT JOIN (SELECT stock_level_id, SUM(quantity) AS quantity FROM reservations
        WHERE status = 'open' GROUP BY stock_level_id) r ON r.stock_level_id = l.id
      WHERE l.reserved <> COALESCE(r.quantity, 0)`,
  },
  {
    name: 'reservation-of-final-order',
    promise: 'no order that is over holds stock',
    sql: `SELECT r.id AS reservation_id, o.id AS order_id, o.status FROM reservations r
      JOIN orders o ON o.id = r.order_id
      WHERE r.status = 'open' AND o.status IN ('completed', 'cancelled', 'expired')`,
  },
  {
    name: 'reservation-complete',
    promise: 'every unit of an order that goes on is reserved, shipped or cancelled',
    sql: `SELECT l.order_id, l.id AS order_line_id, l.quantity, COALESCE(r.quantity, 0) AS reserved, COALESCE(c.quantity, 0) AS cancelled
      FROM order_lines l JOIN orders o ON o.id = l.order_id
      LEFT JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM reservations
        WHERE status IN ('open', 'committed') GROUP BY order_line_id) r ON r.order_line_id = l.id
      LEFT JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM order_cancellation_lines
        GROUP BY order_line_id) c ON c.order_line_id = l.id
      WHERE o.status IN ('pending_payment', 'authorized', 'paid', 'completed')
        AND l.quantity <> COALESCE(r.quantity, 0) + COALESCE(c.quantity, 0)`,
  },
  {
    name: 'reservation-shipped',
    promise: 'the units that left the stock for an order line are those of its shipments',
    sql: `SELECT l.order_id, l.id AS order_line_id, COALESCE(r.quantity, 0) AS committed, COALESCE(s.quantity, 0) AS shipped
      FROM order_lines l
      LEFT JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM reservations
        WHERE status = 'committed' GROUP BY order_line_id) r ON r.order_line_id = l.id
      LEFT JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM shipment_lines
        GROUP BY order_line_id) s ON s.order_line_id = l.id
      WHERE COALESCE(r.quantity, 0) <> COALESCE(s.quantity, 0)`,
  },
  {
    name: 'reservation-orphan',
    promise: 'every reservation belongs to a line of its order, and to a stock level',
    sql: `SELECT r.id AS reservation_id, r.order_id, r.order_line_id, r.stock_level_id FROM reservations r
      LEFT JOIN order_lines l ON l.id = r.order_line_id AND l.order_id = r.order_id
      LEFT JOIN stock_levels s ON s.id = r.stock_level_id
      WHERE l.id IS NULL OR s.id IS NULL OR s.variant_id <> l.variant_id OR r.quantity <= 0`,
  },
];
