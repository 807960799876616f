import {
  OrderAuthorized,
  OrderCancelled,
  OrderCompleted,
  OrderCreated,
  OrderExpired,
  OrderPaid,
} from '../../../domain/orders/order.events.ts';
import type { OrderStatus } from '../../../domain/orders/order-machine.ts';
import type { Invariant } from './invariant.ts';

/** The event that tells of an order's arrival at each status. */
const EVENT_OF: Readonly<Record<OrderStatus, string>> = {
  pending_payment: OrderCreated.type,
  authorized: OrderAuthorized.type,
  paid: OrderPaid.type,
  completed: OrderCompleted.type,
  cancelled: OrderCancelled.type,
  expired: OrderExpired.type,
};

const eventOf = (column: string): string =>
  `CASE ${column} ${Object.entries(EVENT_OF)
    .map(([status, type]) => `WHEN '${status}' THEN '${type}'`)
    .join(' ')} END`;

const TYPES = Object.values(EVENT_OF)
  .map((type) => `'${type}'`)
  .join(', ');

/**
 * Sent events are purged after a week, the oldest first: a history is whole while its first event is there. Skipped ones
 * stay longer, so they tell nothing of those beside them.
 */
const WHOLE = (orderId: string): string =>
  `EXISTS (SELECT 1 FROM outbox f WHERE f.aggregate_type = 'order' AND f.aggregate_id = ${orderId} AND f.sequence = 1 AND f.status <> 'skipped')`;

/** Not only skipped ones, behind which others were purged. */
const ANY_KEPT = `COUNT(CASE WHEN e.status <> 'skipped' THEN 1 END) > 0`;

export const eventInvariants: readonly Invariant[] = [
  {
    name: 'event-per-transition',
    promise: 'exactly one event tells of each transition of an order',
    sql: `SELECT h.order_id, h.to_status, h.n AS transitions, COALESCE(e.n, 0) AS events
      FROM (SELECT order_id, to_status, COUNT(*) AS n FROM order_history GROUP BY order_id, to_status) h
      LEFT JOIN (SELECT aggregate_id, type, COUNT(*) AS n FROM outbox WHERE aggregate_type = 'order'
        GROUP BY aggregate_id, type) e ON e.aggregate_id = h.order_id AND e.type = ${eventOf('h.to_status')}
      WHERE h.n <> COALESCE(e.n, 0) AND ${WHOLE('h.order_id')}`,
  },
  {
    name: 'transition-per-event',
    promise: 'no event tells of a transition that is not in the history',
    sql: `SELECT e.aggregate_id AS order_id, e.id AS event_id, e.type FROM outbox e
      LEFT JOIN order_history h ON h.order_id = e.aggregate_id AND ${eventOf('h.to_status')} = e.type
      WHERE e.aggregate_type = 'order' AND e.type IN (${TYPES}) AND h.id IS NULL`,
  },
  {
    name: 'event-order',
    promise: 'the events of the transitions stand in the order of the transitions',
    sql: `SELECT h.order_id, h.from_status, h.to_status, a.sequence AS before_sequence, b.sequence AS after_sequence
      FROM order_history h
      JOIN outbox a ON a.aggregate_type = 'order' AND a.aggregate_id = h.order_id AND a.type = ${eventOf('h.from_status')}
      JOIN outbox b ON b.aggregate_type = 'order' AND b.aggregate_id = h.order_id AND b.type = ${eventOf('h.to_status')}
      WHERE a.sequence >= b.sequence`,
  },
  {
    name: 'event-sequence',
    promise: 'the events of an aggregate are numbered without a gap and without a number twice',
    sql: `SELECT e.aggregate_type, e.aggregate_id, MIN(e.sequence) AS first_sequence, MAX(e.sequence) AS last_sequence, COUNT(*) AS events
      FROM outbox e
      JOIN (SELECT aggregate_type, aggregate_id, MIN(sequence) AS sequence FROM outbox WHERE status <> 'skipped'
        GROUP BY aggregate_type, aggregate_id) f
        ON f.aggregate_type = e.aggregate_type AND f.aggregate_id = e.aggregate_id AND e.sequence >= f.sequence
      GROUP BY e.aggregate_type, e.aggregate_id
      HAVING COUNT(*) <> MAX(e.sequence) - MIN(e.sequence) + 1 OR COUNT(*) <> COUNT(DISTINCT e.sequence) OR MIN(e.sequence) < 1`,
  },
  {
    name: 'event-last',
    promise: 'the newest event of an order, or of a stock level, has the number that its row says',
    sql: `SELECT 'order' AS aggregate_type, o.id AS aggregate_id, o.event_sequence, MAX(e.sequence) AS last_sequence
      FROM orders o JOIN outbox e ON e.aggregate_type = 'order' AND e.aggregate_id = o.id
      GROUP BY o.id, o.event_sequence HAVING o.event_sequence <> MAX(e.sequence) AND ${ANY_KEPT}
      UNION ALL SELECT 'stock', l.id, l.event_sequence, MAX(e.sequence)
      FROM stock_levels l JOIN outbox e ON e.topic = 'stock-events' AND e.aggregate_id = l.id
      GROUP BY l.id, l.event_sequence HAVING l.event_sequence <> MAX(e.sequence) AND ${ANY_KEPT}`,
  },
  {
    name: 'event-orphan',
    promise: 'no event tells of an order that does not exist',
    sql: `SELECT e.id AS event_id, e.type, e.aggregate_id AS order_id FROM outbox e
      LEFT JOIN orders o ON o.id = e.aggregate_id WHERE e.aggregate_type = 'order' AND o.id IS NULL`,
  },
];
