import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { INVARIANTS, violationOf } from '../../../src/infra/db/invariants/sql-invariants.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';

const UNKNOWN = '0198a7c0-0000-7000-8000-000000000000';

type Params = readonly (string | number)[];
/** Statements without bound dates, so that they run on each driver as they stand. */
type Statement = readonly [text: string, params: Params];

let t: TestApp;
let shop: Shop;
let clerk: Account;
let buyer: Buyer;
let unpaid: OrderBody;
let paid: OrderBody;
let completed: OrderBody;
let refunded: OrderBody;
let runner: QueryRunner;

beforeAll(async () => {
  t = await setupApp();
  shop = new Shop(t);
  [clerk, buyer] = await Promise.all([staff(t), shop.buyer()]);
  const product = await shop.product();
  unpaid = await shop.order(buyer, product, 2);
  paid = await shop.paidOrder(buyer, product, 3);
  completed = await shop.paidOrder(buyer, product, 1);
  await clerk.api
    .post(`/orders/${completed.id}/ship`)
    .send({ carrier: 'DHL', trackingNumber: 'T1' })
    .expect(200);
  await clerk.api.post(`/orders/${completed.id}/deliver`).expect(200);
  refunded = await shop.paidOrder(buyer, product, 1);
  await buyer.api.post(`/orders/${refunded.id}/cancel`).expect(200);
  runner = t.app.connections.dataSource.createQueryRunner();
  await unguard(true);
});

afterAll(async () => {
  await unguard(false);
  await runner.release();
  await t.close();
});

/** Damage that the database itself would refuse must be possible here. */
async function unguard(off: boolean): Promise<void> {
  const { kind } = t.app.connections;
  if (kind === 'sqlite') {
    await runner.query(`PRAGMA foreign_keys = ${off ? 'OFF' : 'ON'}`);
    await runner.query(`PRAGMA ignore_check_constraints = ${off ? 'ON' : 'OFF'}`);
    if (off) await dropTriggers();
    return;
  }
  await runner.query(`SET SESSION foreign_key_checks = ${off ? 0 : 1}`);
  if (kind === 'mariadb') await runner.query(`SET SESSION check_constraint_checks = ${off ? 0 : 1}`);
}

/** They stand for the CHECKs that SQLite cannot add to a table. */
async function dropTriggers(): Promise<void> {
  const triggers = (await runner.query("SELECT name FROM sqlite_master WHERE type = 'trigger'")) as {
    name: string;
  }[];
  for (const { name } of triggers) await runner.query(`DROP TRIGGER ${name}`);
}

const read = {
  query: async <Row>(text: string, params: readonly unknown[] = []): Promise<Row[]> =>
    (await runner.query(text, [...params])) as Row[],
};

interface Broken {
  readonly name: string;
  readonly rows: string;
}

/** What the invariants say within a transaction that does the damage, and is undone. */
async function brokenBy(...damage: readonly Statement[]): Promise<Broken[]> {
  await runner.query(t.app.connections.kind === 'sqlite' ? 'BEGIN IMMEDIATE' : 'START TRANSACTION');
  try {
    for (const [text, params] of damage) await runner.query(text, [...params]);
    const found: Broken[] = [];
    for (const invariant of INVARIANTS) {
      const violation = await violationOf(read, invariant, 10);
      if (violation) found.push({ name: invariant.name, rows: JSON.stringify(violation.rows) });
    }
    return found;
  } finally {
    await runner.query('ROLLBACK');
  }
}

const line = (order: OrderBody): string => order.lines[0]?.id ?? '';
const copyOf = (table: string, columns: string, values: string): string =>
  `INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${table}`;

const RETURN =
  "INSERT INTO order_returns (id, order_id, status, created_at, updated_at) VALUES (?, ?, 'approved', '2026-01-01 00:00:00', '2026-01-01 00:00:00')";
const PROMOTION =
  "INSERT INTO promotions (id, name, kind, amounts, minimums, total_limit, redeemed, active, updated_at, version) VALUES (?, 'x', 'percentage', '{}', '{}', 0, 0, 1, '2026-01-01 00:00:00', 1)";
const REDEMPTION =
  "INSERT INTO promotion_redemptions (id, promotion_id, order_id, saving, currency, created_at, slot) VALUES (?, ?, ?, 0, 'EUR', '2026-01-01 00:00:00'";

/** For each invariant: damage that it must find, and an id that it must name. */
const DAMAGE: Readonly<Record<string, () => readonly [names: string, ...damage: Statement[]]>> = {
  'stock-available': () => ['stock_level_id', ['UPDATE stock_levels SET on_hand = 0 WHERE reserved > 0', []]],
  'stock-reserved': () => [
    'open_reservations',
    ['UPDATE stock_levels SET reserved = reserved + 1 WHERE reserved > 0', []],
  ],
  'reservation-of-final-order': () => [
    unpaid.id,
    ["UPDATE orders SET status = 'expired' WHERE id = ?", [unpaid.id]],
  ],
  'reservation-complete': () => [
    line(paid),
    ["UPDATE reservations SET status = 'released' WHERE order_id = ?", [paid.id]],
  ],
  'reservation-shipped': () => [line(completed), ['UPDATE shipment_lines SET quantity = 9', []]],
  'reservation-orphan': () => [
    UNKNOWN,
    ['UPDATE reservations SET order_line_id = ? WHERE order_id = ?', [UNKNOWN, unpaid.id]],
  ],
  'order-total': () => [paid.id, ['UPDATE orders SET total = total - 1 WHERE id = ?', [paid.id]]],
  'order-lines-total': () => [paid.id, ['DELETE FROM order_lines WHERE order_id = ?', [paid.id]]],
  'order-line-price': () => [
    line(paid),
    ['UPDATE order_lines SET quantity = 4 WHERE order_id = ?', [paid.id]],
  ],
  'landed-cost-lines': () => [
    paid.id,
    ['UPDATE order_lines SET quoted_tax = quoted_tax + 1 WHERE order_id = ?', [paid.id]],
  ],
  'landed-cost-charged': () => [line(paid), ["UPDATE orders SET incoterm = 'DDP' WHERE id = ?", [paid.id]]],
  'order-history': () => [paid.id, ["UPDATE orders SET status = 'authorized' WHERE id = ?", [paid.id]]],
  'order-history-chain': () => [
    paid.id,
    ["DELETE FROM order_history WHERE order_id = ? AND to_status = 'authorized'", [paid.id]],
  ],
  'order-orphan': () => [unpaid.id, ['DELETE FROM orders WHERE id = ?', [unpaid.id]]],
  'payment-active-once': () => [
    paid.id,
    [
      `${copyOf(
        'payments',
        'id, order_id, provider, status, amount, currency, created_at, updated_at, version',
        '?, order_id, provider, status, amount, currency, created_at, updated_at, version',
      )} WHERE order_id = ?`,
      [UNKNOWN, paid.id],
    ],
  ],
  'payment-active-mark': () => [
    paid.id,
    ['UPDATE payments SET active_order_id = NULL WHERE order_id = ?', [paid.id]],
  ],
  'payment-amount': () => [paid.id, ["UPDATE payments SET currency = 'JPY' WHERE order_id = ?", [paid.id]]],
  'ledger-capture': () => [paid.id, ['DELETE FROM payment_captures WHERE order_id = ?', [paid.id]]],
  'ledger-refunds': () => [
    paid.id,
    ['UPDATE payment_captures SET promised = promised + 1 WHERE order_id = ?', [paid.id]],
  ],
  'ledger-refunded': () => [
    refunded.id,
    ["UPDATE refunds SET status = 'pending' WHERE order_id = ?", [refunded.id]],
  ],
  'refund-replaced': () => [
    refunded.id,
    ['UPDATE refunds SET replaced_by = id WHERE order_id = ?', [refunded.id]],
  ],
  'ledger-orphan': () => [
    refunded.id,
    ["UPDATE refunds SET currency = 'JPY' WHERE order_id = ?", [refunded.id]],
  ],
  'order-paid': () => [
    paid.id,
    ["UPDATE payments SET status = 'failed', active_order_id = NULL WHERE order_id = ?", [paid.id]],
  ],
  'order-unpaid': () => [paid.id, ["UPDATE orders SET status = 'cancelled' WHERE id = ?", [paid.id]]],
  'fulfilment-units': () => [line(completed), ['UPDATE shipment_lines SET quantity = 2', []]],
  'return-units': () => [
    line(completed),
    [RETURN, [UNKNOWN, completed.id]],
    [
      "INSERT INTO order_return_lines (return_id, order_line_id, quantity, reason, restocked, written_off, amount) VALUES (?, ?, 2, 'x', 0, 0, 0)",
      [UNKNOWN, line(completed)],
    ],
  ],
  'return-refunded': () => [
    UNKNOWN,
    [RETURN, [UNKNOWN, completed.id]],
    ['UPDATE order_returns SET refunded_amount = 1', []],
  ],
  'return-history': () => [UNKNOWN, [RETURN, [UNKNOWN, completed.id]]],
  'promotion-limit': () => [
    UNKNOWN,
    [PROMOTION, [UNKNOWN]],
    [`${REDEMPTION}, NULL)`, [UNKNOWN, UNKNOWN, paid.id]],
  ],
  'promotion-released': () => [
    refunded.id,
    [PROMOTION, [UNKNOWN]],
    [`${REDEMPTION}, 1)`, [UNKNOWN, UNKNOWN, refunded.id]],
  ],
  'event-per-transition': () => [
    paid.id,
    [
      "UPDATE outbox SET type = 'order.delivered.v1' WHERE aggregate_id = ? AND type = 'order.paid.v1'",
      [paid.id],
    ],
  ],
  'transition-per-event': () => [
    unpaid.id,
    ["UPDATE outbox SET type = 'order.paid.v1' WHERE aggregate_id = ?", [unpaid.id]],
  ],
  'event-order': () => [
    paid.id,
    ["UPDATE outbox SET sequence = 99 WHERE aggregate_id = ? AND type = 'order.authorized.v1'", [paid.id]],
  ],
  'event-sequence': () => [
    paid.id,
    ['DELETE FROM outbox WHERE aggregate_id = ? AND sequence = 2', [paid.id]],
  ],
  'event-last': () => [
    paid.id,
    ['UPDATE orders SET event_sequence = event_sequence + 1 WHERE id = ?', [paid.id]],
  ],
  'event-orphan': () => [
    UNKNOWN,
    ['UPDATE outbox SET aggregate_id = ? WHERE aggregate_id = ?', [UNKNOWN, unpaid.id]],
  ],
};

describe('the invariants of the stored data', () => {
  it('hold for orders that went their way', async () => {
    expect(await brokenBy()).toEqual([]);
  });

  it('each have damage below that they must find', () => {
    expect(Object.keys(DAMAGE).sort()).toEqual(INVARIANTS.map(({ name }) => name).sort());
  });

  it.each(Object.keys(DAMAGE))('%s finds its damage, and names the row', async (name) => {
    const [named, ...damage] = DAMAGE[name]?.() ?? [''];
    const found = await brokenBy(...damage);
    expect(found.map((broken) => broken.name)).toContain(name);
    expect(found.find((broken) => broken.name === name)?.rows).toContain(named);
  });

  it.each([
    ['those beside it', 'sequence = 2'],
    ['all others of its order', 'sequence > 1'],
  ])('hold where a skipped event is kept for longer than %s', async (_, gone) => {
    expect(
      await brokenBy(
        ["UPDATE outbox SET status = 'skipped' WHERE aggregate_id = ? AND sequence = 1", [paid.id]],
        [`DELETE FROM outbox WHERE aggregate_id = ? AND ${gone}`, [paid.id]],
      ),
    ).toEqual([]);
  });

  it('name no more rows than they are asked for, and say that there are more', async () => {
    const invariant = {
      name: 'x',
      promise: 'x',
      sql: 'SELECT id FROM orders',
    };
    const violation = await violationOf(read, invariant, 2);
    expect([violation?.rows.length, violation?.more]).toEqual([2, true]);
    expect((await violationOf(read, invariant, 4))?.more).toBe(false);
  });
});
