import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  bigint,
  createTable,
  datetime,
  index,
  isSqlite,
  NULL,
  primaryUuid,
  references,
  uuid,
  varchar,
} from './columns.ts';

export class PaymentLedger1765000004001 implements MigrationInterface {
  readonly name = 'PaymentLedger1765000004001';

  async up(runner: QueryRunner): Promise<void> {
    await createCaptures(runner);
    await createRefunds(runner);
    await enterOldPayments(runner);
    await createTable(runner, 'mock_charges', {
      columns: [primaryUuid('payment_id'), varchar('status', 20), datetime('updated_at')],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['mock_charges', 'refunds', 'payment_captures']) await runner.dropTable(table);
  }
}

/** One row per captured attempt: its key allows one capture of each. */
async function createCaptures(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'payment_captures', {
    columns: [
      primaryUuid('payment_id'),
      uuid('order_id'),
      bigint('amount'),
      varchar('currency', 3),
      // What refunds took of it, done or not; raised by a conditional update only.
      bigint('promised'),
      datetime('captured_at'),
    ],
    indices: [index('idx_payment_captures_order', ['order_id'])],
    foreignKeys: [
      references('fk_payment_captures_payment', 'payment_id', 'payments'),
      references('fk_payment_captures_order', 'order_id', 'orders'),
    ],
  });
  // Behind the conditional update, where the server enforces it (MySQL from 8.0.16, MariaDB).
  if (!isSqlite(runner)) {
    await runner.query(
      'ALTER TABLE payment_captures ADD CONSTRAINT ck_payment_captures_promised CHECK (promised >= 0 AND promised <= amount)',
    );
  }
}

async function createRefunds(runner: QueryRunner): Promise<void> {
  await createTable(runner, 'refunds', {
    columns: [
      primaryUuid(),
      uuid('payment_id'),
      uuid('order_id'),
      bigint('amount'),
      varchar('currency', 3),
      varchar('reason', 20),
      varchar('note', 500, NULL),
      varchar('actor', 100),
      varchar('status', 20),
      varchar('provider_reference', 255, NULL),
      varchar('failure_code', 60, NULL),
      datetime('created_at'),
      datetime('updated_at'),
    ],
    indices: [
      index('idx_refunds_order', ['order_id', 'id']),
      index('idx_refunds_payment', ['payment_id', 'status']),
      index('idx_refunds_status', ['status', 'created_at']),
    ],
    foreignKeys: [
      references('fk_refunds_payment', 'payment_id', 'payments'),
      references('fk_refunds_order', 'order_id', 'orders'),
    ],
  });
}

/** What was captured and refunded before there was a ledger. */
async function enterOldPayments(runner: QueryRunner): Promise<void> {
  await runner.query(
    `INSERT INTO payment_captures (payment_id, order_id, amount, currency, promised, captured_at)
     SELECT id, order_id, amount, currency, CASE status WHEN 'captured' THEN 0 ELSE amount END, updated_at
     FROM payments WHERE status IN ('captured', 'refund_pending', 'refunded')`,
  );
  await runner.query(
    `INSERT INTO refunds (id, payment_id, order_id, amount, currency, reason, actor, status, created_at, updated_at)
     SELECT id, id, order_id, amount, currency, 'order_cancelled', 'system:payments',
       CASE status WHEN 'refunded' THEN 'succeeded' ELSE 'pending' END, updated_at, updated_at
     FROM payments WHERE status IN ('refund_pending', 'refunded')`,
  );
}
