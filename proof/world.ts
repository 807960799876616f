import { type Buyers, makeBuyers } from '../bench/buyers.ts';
import type { BenchDatabase } from '../bench/database.ts';
import type { App } from '../src/app.ts';
import type { ConsumerLag } from '../src/domain/eventstream/event-log.ts';
import { systemClock } from '../src/domain/shared/clock.ts';
import { insertRows } from '../src/infra/db/insert-rows.ts';
import { INVARIANTS, violationOf } from '../src/infra/db/invariants/sql-invariants.ts';
import { JwtAccessTokens } from '../src/infra/security/jwt-access-tokens.ts';
import { Role, runCommand } from './role.ts';
import type { Verdict } from './verdict.ts';

export type Buyer = Buyers['all'][number];

/** A fresh shop: real processes to ask, and this process's own eyes on the database. */
export class World {
  readonly app: App;
  readonly database: BenchDatabase;
  /** For logs; gone afterwards. */
  readonly folder: string;
  readonly #roles: Role[] = [];
  #shipping: Promise<{ id: string }[]> | undefined;

  constructor(app: App, database: BenchDatabase, folder: string) {
    this.app = app;
    this.database = database;
    this.folder = folder;
  }

  async start(...names: readonly string[]): Promise<Role[]> {
    const at = { env: this.database.env, folder: this.folder };
    const roles = await Promise.all(names.map((name) => Role.start(name, at)));
    this.#roles.push(...roles);
    return roles;
  }

  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await Promise.all(this.#roles.map((role) => role.end(signal)));
  }

  async buyers(count: number): Promise<readonly Buyer[]> {
    return (await makeBuyers(this.app, this.database.config, count)).all;
  }

  /** One of the buyers becomes staff. @returns the `Authorization` header */
  async staff(buyer: Buyer): Promise<string> {
    await this.app.connections.write((sql) =>
      sql.run("UPDATE users SET role = 'staff' WHERE id = ?", [buyer.userId]),
    );
    const tokens = new JwtAccessTokens(this.database.config.jwtSigningKey, systemClock);
    const [session] = await this.rows<{ family_id: string }>(
      'SELECT family_id FROM refresh_tokens WHERE user_id = ?',
      [buyer.userId],
    );
    const sessionId = session?.family_id ?? '';
    return `Bearer ${await tokens.sign({ userId: buyer.userId, role: 'staff', sessionId })}`;
  }

  /** Variants on sale in euro, with a stock level in at least two warehouses. */
  async variants(count: number): Promise<string[]> {
    const rows = await this.rows<{ id: string }>(
      `SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id
       JOIN prices pr ON pr.variant_id = v.id AND pr.currency = 'EUR' JOIN stock_levels l ON l.variant_id = v.id
       WHERE v.status = 'active' AND p.status = 'active' GROUP BY v.id HAVING COUNT(DISTINCT l.id) >= 2
       ORDER BY v.id LIMIT ?`,
      [count],
    );
    if (rows.length < count) throw new Error(`the sample has only ${rows.length} such variants`);
    return rows.map((row) => row.id);
  }

  /** Half of the units in each of two warehouses, none in others. */
  async stock(variantId: string, units: number): Promise<void> {
    const levels = await this.rows<{ id: string }>(
      'SELECT id FROM stock_levels WHERE variant_id = ? ORDER BY warehouse_id',
      [variantId],
    );
    const half = Math.floor(units / 2);
    await this.app.connections.write(async (sql) => {
      for (const [i, { id }] of levels.entries()) {
        const onHand = [units - half, half][i] ?? 0;
        await sql.run('UPDATE stock_levels SET on_hand = ? WHERE id = ?', [onHand, id]);
      }
    });
  }

  /** Each cart holds one unit of the variant, and nothing else. */
  async fillCarts(buyers: readonly Buyer[], variantId: string): Promise<void> {
    await this.app.connections.write(async (sql) => {
      await sql.run('DELETE FROM cart_items');
      await insertRows(
        sql,
        'cart_items',
        ['cart_id', 'variant_id', 'quantity', 'added_at'],
        buyers.map((b) => [b.cartId, variantId, 1, systemClock.now()]),
      );
    });
  }

  /** What a buyer of the sample's addresses orders with. */
  async placement({ addressId }: Buyer): Promise<{ addressId: string; shippingMethodId: string }> {
    this.#shipping ??= this.rows<{ id: string }>(
      "SELECT id FROM shipping_methods WHERE code = 'DE-STANDARD'",
    );
    const [method] = await this.#shipping;
    return { addressId, shippingMethodId: method?.id ?? '' };
  }

  rows<Row>(text: string, params: readonly (string | number)[] = []): Promise<Row[]> {
    return this.app.connections.read.query<Row>(text, params);
  }

  /** The one number that a query gives. */
  async count(text: string, params: readonly (string | number)[] = []): Promise<number> {
    const [row] = await this.rows<{ n: unknown }>(text, params);
    return Number(row?.n ?? 0);
  }

  /** How far each group of consumers is behind. */
  async lag(): Promise<ConsumerLag[]> {
    return (await this.app.work()).lag();
  }

  /** Every query of doctor --data, here. */
  async holdInvariants(verdict: Verdict, when: string): Promise<void> {
    for (const invariant of INVARIANTS) {
      const violation = await violationOf(this.app.connections.read, invariant, 3);
      if (violation) verdict.failures.push(`${when}: ${invariant.name}: ${JSON.stringify(violation.rows)}`);
    }
  }

  /** The same by the command itself. @returns how many promises it examined */
  async askDoctor(verdict: Verdict): Promise<number> {
    const { code, stdout } = await runCommand(['doctor', '--data', '--json'], this.database.env);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; rows?: unknown }[] };
    for (const { name, status, rows } of checks) {
      // A warning is a task for somebody, and no broken promise.
      if (status === 'fail') verdict.failures.push(`doctor --data: ${name}: ${JSON.stringify(rows)}`);
    }
    verdict.equal('exit code of doctor --data', code, 0);
    return checks.length;
  }

  /** What a server logged as a defect is a failure, whatever it answered. */
  checkLogs(verdict: Verdict): void {
    for (const role of this.#roles) {
      const defects = role.log.split('\n').filter((line) => line.includes('request failed'));
      for (const line of defects.slice(0, 3))
        verdict.failures.push(`${role.name} logged: ${line.slice(0, 500)}`);
    }
  }
}
