import type { Invariant } from './invariant.ts';

export const orderInvariants: readonly Invariant[] = [
  {
    name: 'order-total',
    promise: "an order's total is the sum of its parts, and none of them is negative",
    sql: `SELECT id AS order_id, number, total, items_total, shipping_total, discount_total, tax_total, duty_total
      FROM orders
      WHERE total <> items_total - discount_total + shipping_total + tax_total + duty_total
        OR total < 0 OR items_total < 0 OR shipping_total < 0 OR discount_total < 0 OR tax_total < 0 OR duty_total < 0`,
  },
  {
    name: 'order-lines-total',
    promise: "an order has lines, and their sums are the order's items total, discount, tax and duty",
    sql: `SELECT o.id AS order_id, o.number, o.items_total, l.total AS lines_total, o.discount_total, l.discount AS lines_discount,
        o.tax_total, l.tax AS lines_tax, o.duty_total, l.duty AS lines_duty
      FROM orders o LEFT JOIN (SELECT order_id, SUM(total) AS total, SUM(discount) AS discount, SUM(tax) AS tax, SUM(duty) AS duty
        FROM order_lines GROUP BY order_id) l ON l.order_id = o.id
      WHERE l.total IS NULL OR l.total <> o.items_total OR l.discount <> o.discount_total
        OR l.tax <> o.tax_total OR l.duty <> o.duty_total`,
  },
  {
    name: 'order-line-price',
    promise: 'a line costs its unit price times its quantity, and its discount is no more than that',
    sql: `SELECT order_id, id AS order_line_id, unit_price, quantity, total, discount FROM order_lines
      WHERE quantity <= 0 OR unit_price < 0 OR total <> unit_price * quantity OR discount < 0 OR discount > total`,
  },
  {
    name: 'order-history',
    promise: "an order's history begins once, and its last step led to the order's status",
    sql: `SELECT o.id AS order_id, o.number, o.status, h.to_status AS last_step FROM orders o
      LEFT JOIN (SELECT order_id, MAX(position) AS last_position, COUNT(*) - COUNT(from_status) AS beginnings
        FROM order_history GROUP BY order_id) x ON x.order_id = o.id
      LEFT JOIN order_history h ON h.order_id = o.id AND h.position = x.last_position
      WHERE h.id IS NULL OR h.to_status <> o.status OR x.beginnings <> 1`,
  },
  {
    name: 'order-history-chain',
    promise: 'every step of a history begins where an earlier one ended, and none is taken twice',
    sql: `SELECT h.order_id, h.id AS history_id, h.from_status, h.to_status FROM order_history h
      LEFT JOIN order_history b ON b.order_id = h.order_id AND b.to_status = h.from_status AND b.position < h.position
      LEFT JOIN order_history t ON t.order_id = h.order_id AND t.to_status = h.to_status AND t.id <> h.id
      WHERE (h.from_status IS NOT NULL AND b.id IS NULL) OR t.id IS NOT NULL`,
  },
  {
    name: 'order-orphan',
    promise: 'no line, history, payment or shipment is without its order, and no shipment without lines',
    sql: `SELECT 'order_lines' AS of_table, l.id AS row_id, l.order_id FROM order_lines l
        LEFT JOIN orders o ON o.id = l.order_id WHERE o.id IS NULL
      UNION ALL SELECT 'order_history', h.id, h.order_id FROM order_history h
        LEFT JOIN orders o ON o.id = h.order_id WHERE o.id IS NULL
      UNION ALL SELECT 'payments', p.id, p.order_id FROM payments p
        LEFT JOIN orders o ON o.id = p.order_id WHERE o.id IS NULL
      UNION ALL SELECT 'shipments', s.id, s.order_id FROM shipments s
        LEFT JOIN orders o ON o.id = s.order_id WHERE o.id IS NULL
      UNION ALL SELECT 'shipments without lines', s.id, s.order_id FROM shipments s
        LEFT JOIN shipment_lines l ON l.shipment_id = s.id WHERE l.shipment_id IS NULL
      UNION ALL SELECT 'shipment_lines', l.order_line_id, s.order_id FROM shipment_lines l
        JOIN shipments s ON s.id = l.shipment_id
        LEFT JOIN order_lines ol ON ol.id = l.order_line_id AND ol.order_id = s.order_id WHERE ol.id IS NULL`,
  },
];
