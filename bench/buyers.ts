import type { App } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import { addSeconds, systemClock } from '../src/domain/shared/clock.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { insertRows } from '../src/infra/db/insert-rows.ts';
import { JwtAccessTokens } from '../src/infra/security/jwt-access-tokens.ts';
import type { Buyer } from './raw-plan.ts';

/** Kinds of basket: three variants each, of products far apart, so that buyers seldom want the same row. */
const BASKETS = 50;
const LINES = 3;

export interface Buyers {
  readonly all: readonly (Buyer & { readonly authorization: string })[];
  readonly baskets: number;
  /** Variant ids by kind of basket. */
  readonly variants: readonly (readonly string[])[];
}

/** People with a session, an address and an empty cart. */
export async function makeBuyers(app: App, config: Config, count: number): Promise<Buyers> {
  const tokens = new JwtAccessTokens(config.jwtSigningKey, systemClock);
  const people = Array.from({ length: count }, (_, i) => ({
    userId: newId(),
    cartId: newId(),
    addressId: newId(),
    sessionId: newId(),
    basket: i % BASKETS,
  }));
  await insertPeople(app, people);
  const all = await Promise.all(
    people.map(async ({ sessionId, ...buyer }) => ({
      ...buyer,
      authorization: `Bearer ${await tokens.sign({ userId: buyer.userId, role: 'customer', sessionId })}`,
    })),
  );
  const variants = await pickVariants(app);
  return { all, baskets: Math.min(BASKETS, count), variants };
}

type Person = Buyer & { readonly sessionId: string };

async function insertPeople(app: App, people: readonly Person[]): Promise<void> {
  const now = systemClock.now();
  await app.connections.write(async (sql) => {
    await insertRows(
      sql,
      'users',
      [
        'id',
        'email',
        'display_name',
        'role',
        'status',
        'locale',
        'must_change_password',
        'created_at',
        'updated_at',
        'version',
      ],
      people.map((p) => [
        p.userId,
        `${p.userId}@example.com`,
        'Buyer',
        'customer',
        'active',
        'en',
        false,
        now,
        now,
        1,
      ]),
    );
    await insertRows(
      sql,
      'refresh_tokens',
      ['id', 'user_id', 'family_id', 'token_hash', 'expires_at', 'created_at'],
      people.map((p) => [newId(), p.userId, p.sessionId, p.sessionId, addSeconds(now, 86_400), now]),
    );
    await insertRows(
      sql,
      'addresses',
      [
        'id',
        'user_id',
        'recipient',
        'line1',
        'city',
        'postal_code',
        'country',
        'phone',
        'is_default',
        'created_at',
        'updated_at',
      ],
      people.map((p) => [
        p.addressId,
        p.userId,
        'Buyer',
        'Musterstraße 1',
        'Hamburg',
        '20095',
        'DE',
        '+4940123456',
        true,
        now,
        now,
      ]),
    );
    await insertRows(
      sql,
      'carts',
      ['id', 'user_id', 'currency', 'created_at', 'updated_at', 'version'],
      people.map((p) => [p.cartId, p.userId, 'EUR', now, now, 1]),
    );
  });
}

async function pickVariants(app: App): Promise<string[][]> {
  const rows = await app.connections.read.query<{ id: string }>(
    'SELECT MIN(id) AS id FROM variants GROUP BY product_id ORDER BY id',
  );
  const ids = rows.map((row) => row.id);
  const at = (basket: number, line: number): string => ids[(basket + line * BASKETS) % ids.length] ?? '';
  return Array.from({ length: BASKETS }, (_, basket) =>
    Array.from({ length: LINES }, (_, line) => at(basket, line)),
  );
}

/** Every cart as it was before, and stock for all. */
export function refillCarts(app: App, { all, variants }: Buyers): Promise<void> {
  const now = systemClock.now();
  return app.connections.write(async (sql) => {
    await sql.run('DELETE FROM cart_items');
    await sql.run(
      'UPDATE stock_levels SET on_hand = 1000000, reserved = 0 WHERE on_hand < 1000000 OR reserved > 100000',
    );
    await insertRows(
      sql,
      'cart_items',
      ['cart_id', 'variant_id', 'quantity', 'added_at'],
      all.flatMap((b) =>
        (variants[b.basket] ?? []).map((variant, i) => [b.cartId, variant, 1 + (i % 2), now]),
      ),
    );
  });
}
