import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isSqlite } from './columns.ts';

/** What every row must satisfy, whatever wrote it: behind the conditional updates, which are the guards. */
const CHECKS = [
  { table: 'stock_levels', name: 'ck_stock_levels_on_hand', rule: 'on_hand >= 0' },
  { table: 'stock_levels', name: 'ck_stock_levels_threshold', rule: 'low_stock_threshold >= 0' },
  { table: 'reservations', name: 'ck_reservations_quantity', rule: 'quantity > 0' },
] as const;

/** MySQL and MariaDB have this one since the table was made. */
const RESERVED = {
  table: 'stock_levels',
  name: 'ck_stock_levels_reserved',
  rule: 'reserved >= 0 AND reserved <= on_hand',
} as const;

/** MySQL enforces a CHECK from 8.0.16 on, and reads and forgets it before; SQLite takes none after CREATE TABLE. */
export class StockChecks1765000005001 implements MigrationInterface {
  readonly name = 'StockChecks1765000005001';

  async up(runner: QueryRunner): Promise<void> {
    if (isSqlite(runner)) {
      for (const check of [...CHECKS, RESERVED]) await createTriggers(runner, check);
      return;
    }
    for (const { table, name, rule } of CHECKS)
      await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${rule})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (isSqlite(runner)) {
      for (const { name } of [...CHECKS, RESERVED]) {
        for (const event of ['insert', 'update']) await runner.query(`DROP TRIGGER ${name}_${event}`);
      }
      return;
    }
    for (const { table, name } of CHECKS) {
      if (await exists(runner, name)) await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    }
  }
}

interface Check {
  readonly table: string;
  readonly name: string;
  readonly rule: string;
}

async function createTriggers(runner: QueryRunner, { table, name, rule }: Check): Promise<void> {
  const broken = `NOT (${rule.replaceAll(/\b(on_hand|reserved|low_stock_threshold|quantity)\b/g, 'NEW.$1')})`;
  for (const event of ['insert', 'update']) {
    await runner.query(
      `CREATE TRIGGER ${name}_${event} BEFORE ${event.toUpperCase()} ON ${table}
       WHEN ${broken} BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ${name}'); END`,
    );
  }
}

async function exists(runner: QueryRunner, name: string): Promise<boolean> {
  const rows: unknown = await runner.query(
    "SELECT 1 FROM information_schema.table_constraints WHERE constraint_schema = DATABASE() AND constraint_name = ? AND constraint_type = 'CHECK'",
    [name],
  );
  return Array.isArray(rows) && rows.length > 0;
}
