import type { Invariant } from './invariant.ts';

/** Orders of before there were quotes have none, and are DAP. */
export const landedCostInvariants: readonly Invariant[] = [
  {
    name: 'landed-cost-lines',
    promise: "what the lines of an order were quoted at sums to the order's quote",
    sql: `SELECT c.order_id, c.status, c.duty, l.duty AS lines_duty, c.tax, l.tax AS lines_tax, c.fees, l.fees AS lines_fees
      FROM order_landed_costs c
      LEFT JOIN (SELECT order_id, SUM(quoted_duty) AS duty, SUM(quoted_tax) AS tax, SUM(quoted_fees) AS fees
        FROM order_lines GROUP BY order_id) l ON l.order_id = c.order_id
      WHERE c.duty <> COALESCE(l.duty, -1) OR c.tax <> COALESCE(l.tax, -1) OR c.fees <> COALESCE(l.fees, -1)
        OR (c.status = 'complete' AND (c.duty IS NULL OR c.tax IS NULL OR c.fees IS NULL))`,
  },
  {
    name: 'landed-cost-charged',
    promise:
      'a DDP order has a complete quote and charges each line exactly what it says; any other charges nothing',
    sql: `SELECT l.order_id, l.id AS order_line_id, o.incoterm, c.status, l.tax, l.quoted_tax, l.duty, l.quoted_duty, l.quoted_fees
      FROM order_lines l JOIN orders o ON o.id = l.order_id
      LEFT JOIN order_landed_costs c ON c.order_id = o.id
      WHERE (o.incoterm <> 'DDP' AND (l.tax <> 0 OR l.duty <> 0))
        OR (o.incoterm = 'DDP' AND (COALESCE(c.status, '') <> 'complete' OR l.tax <> COALESCE(l.quoted_tax, -1)
          OR l.duty <> COALESCE(l.quoted_duty + l.quoted_fees, -1)))`,
  },
];
