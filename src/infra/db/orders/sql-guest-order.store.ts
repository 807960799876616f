import type {
  ClaimForMail,
  ClaimReadModel,
  GuestOrderStore,
  OrderClaim,
} from '../../../domain/orders/guest-order.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, toDate } from '../values.ts';

export class SqlGuestOrderStore implements GuestOrderStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async insert(orderId: string, tokenHash: string, at: Date): Promise<void> {
    await this.#sql.run('INSERT INTO guest_orders (order_id, token_hash, created_at) VALUES (?, ?, ?)', [
      orderId,
      tokenHash,
      at,
    ]);
  }

  async claimable(number: string): Promise<string | undefined> {
    const [row] = await this.#sql.query<{ id: string }>(
      `SELECT o.id FROM orders o JOIN guest_orders g ON g.order_id = o.id
       WHERE o.number = ? AND o.user_id IS NULL AND o.email IS NOT NULL`,
      [number],
    );
    return row?.id;
  }

  async claimedSince(orderId: string, since: Date): Promise<boolean> {
    const rows = await this.#sql.query(
      'SELECT 1 AS found FROM order_claims WHERE order_id = ? AND created_at > ? LIMIT 1',
      [orderId, since],
    );
    return rows.length > 0;
  }

  async insertClaim({ id, orderId, tokenHash, createdAt, expiresAt }: OrderClaim): Promise<void> {
    await this.#sql.run(
      'INSERT INTO order_claims (id, order_id, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)',
      [id, orderId, tokenHash, createdAt, expiresAt],
    );
  }

  async spend(tokenHash: string, at: Date): Promise<string | undefined> {
    const { affected } = await this.#sql.run(
      'UPDATE order_claims SET spent_at = ? WHERE token_hash = ? AND spent_at IS NULL AND expires_at > ?',
      [at, tokenHash, at],
    );
    if (affected !== 1) return undefined;
    const [row] = await this.#sql.query<{ order_id: string }>(
      'SELECT order_id FROM order_claims WHERE token_hash = ?',
      [tokenHash],
    );
    return row?.order_id;
  }

  async giveTo(orderId: string, userId: string): Promise<boolean> {
    const { affected } = await this.#sql.run(
      'UPDATE orders SET user_id = ? WHERE id = ? AND user_id IS NULL',
      [userId, orderId],
    );
    return affected === 1;
  }
}

export class SqlClaimReadModel implements ClaimReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async forMail(claimId: string): Promise<ClaimForMail | undefined> {
    const [row] = await this.#sql.query<{
      number: string;
      email: string;
      locale: string;
      expires_at: RawDate;
    }>(
      `SELECT o.number, o.email, o.locale, c.expires_at FROM order_claims c JOIN orders o ON o.id = c.order_id
       WHERE c.id = ? AND c.spent_at IS NULL AND o.user_id IS NULL AND o.email IS NOT NULL`,
      [claimId],
    );
    return row && { ...row, expiresAt: toDate(row.expires_at) };
  }
}
