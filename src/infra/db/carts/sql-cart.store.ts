import type { CartStore } from '../../../domain/carts/cart.store.ts';
import type {
  Candidate,
  Cart,
  CartOwner,
  CartView,
  MergeLine,
  SeenLine,
  VariantRef,
} from '../../../domain/carts/cart.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import type { Locale } from '../../../domain/shared/locale.ts';
import { insertRows } from '../insert-rows.ts';
import type { Sql } from '../sql.ts';
import { violatedKey } from '../unique-violation.ts';
import { type RawInteger, toBigint, toInt } from '../values.ts';
import { type CartRow, ownerColumn, ownerKey, readCart, toCart } from './cart-view.ts';

interface CandidateRow {
  id: string;
  sku: string;
  variant_status: string;
  product_status: string;
  priced: number | string;
}

/** Of an item, in the currency of its cart. */
const PRICE_NOW = `(SELECT pr.amount FROM prices pr JOIN carts c ON c.currency = pr.currency
  WHERE pr.variant_id = cart_items.variant_id AND c.id = cart_items.cart_id)`;

export class SqlCartStore implements CartStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async find(owner: CartOwner): Promise<Cart | undefined> {
    const [row] = await this.#sql.query<CartRow>(
      `SELECT id, user_id, token_hash, currency, coupon_code, version, created_at, updated_at FROM carts WHERE ${ownerColumn(owner)} = ?`,
      [ownerKey(owner)],
    );
    return row && toCart(row);
  }

  view(owner: CartOwner, locale: Locale): Promise<CartView | undefined> {
    return readCart(this.#sql, owner, locale);
  }

  async insert(cart: Cart): Promise<boolean> {
    try {
      await this.#sql.run(
        'INSERT INTO carts (id, user_id, token_hash, currency, created_at, updated_at, version) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [
          cart.id,
          cart.owner.type === 'user' ? cart.owner.userId : null,
          cart.owner.type === 'guest' ? cart.owner.tokenHash : null,
          cart.currency,
          cart.createdAt,
          cart.updatedAt,
          cart.version,
        ],
      );
      return true;
    } catch (error) {
      if (violatedKey(error) === undefined) throw error;
      return false;
    }
  }

  async touch(cartId: string, at: Date, expected?: number): Promise<boolean> {
    const guard = expected === undefined ? '' : ' AND version = ?';
    const { affected } = await this.#sql.run(
      `UPDATE carts SET version = version + 1, updated_at = ? WHERE id = ?${guard}`,
      expected === undefined ? [at, cartId] : [at, cartId, expected],
    );
    return affected === 1;
  }

  async setCurrency(cartId: string, currency: Currency): Promise<void> {
    await this.#sql.run('UPDATE carts SET currency = ? WHERE id = ?', [currency, cartId]);
    await this.#sql.run(`UPDATE cart_items SET seen_price = ${PRICE_NOW} WHERE cart_id = ?`, [cartId]);
  }

  async setCoupon(cartId: string, code: string | undefined): Promise<void> {
    await this.#sql.run('UPDATE carts SET coupon_code = ? WHERE id = ?', [code, cartId]);
  }

  async hasPriceList(currency: Currency): Promise<boolean> {
    return (
      (await this.#sql.query('SELECT currency FROM price_lists WHERE currency = ?', [currency])).length > 0
    );
  }

  async candidate(ref: VariantRef, currency: Currency): Promise<Candidate | undefined> {
    const [column, key] = 'sku' in ref ? ['sku', ref.sku] : ['id', ref.variantId];
    const [row] = await this.#sql.query<CandidateRow>(
      `SELECT v.id, v.sku, v.status AS variant_status, p.status AS product_status,
         (SELECT COUNT(*) FROM prices pr WHERE pr.variant_id = v.id AND pr.currency = ?) AS priced
       FROM variants v JOIN products p ON p.id = v.product_id WHERE v.${column} = ?`,
      [currency, key],
    );
    // A draft is nothing that a buyer could know of.
    if (row === undefined || row.product_status === 'draft') return undefined;
    return {
      variantId: row.id,
      sku: row.sku,
      onSale: row.variant_status === 'active' && row.product_status === 'active',
      priced: toInt(row.priced) > 0,
    };
  }

  async addItem(cartId: string, item: MergeLine, at: Date): Promise<{ quantity: number; lines: number }> {
    const onConflict =
      this.#sql.kind === 'sqlite'
        ? 'ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = quantity + excluded.quantity, seen_price = excluded.seen_price'
        : 'ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity), seen_price = VALUES(seen_price)';
    await this.#sql.run(
      `INSERT INTO cart_items (cart_id, variant_id, quantity, added_at, seen_price)
       VALUES (?, ?, ?, ?, (SELECT pr.amount FROM prices pr JOIN carts c ON c.currency = pr.currency
         WHERE pr.variant_id = ? AND c.id = ?)) ${onConflict}`,
      [cartId, item.variantId, item.quantity, at, item.variantId, cartId],
    );
    const [row] = await this.#sql.query<{ quantity: number; line_count: number | string }>(
      `SELECT quantity, (SELECT COUNT(*) FROM cart_items a WHERE a.cart_id = i.cart_id) AS line_count
       FROM cart_items i WHERE i.cart_id = ? AND i.variant_id = ?`,
      [cartId, item.variantId],
    );
    return { quantity: row?.quantity ?? 0, lines: toInt(row?.line_count ?? 0) };
  }

  async setQuantity(cartId: string, item: MergeLine): Promise<boolean> {
    const { affected } = await this.#sql.run(
      `UPDATE cart_items SET quantity = ?, seen_price = ${PRICE_NOW} WHERE cart_id = ? AND variant_id = ?`,
      [item.quantity, cartId, item.variantId],
    );
    return affected === 1;
  }

  async removeItem(cartId: string, variantId: string): Promise<boolean> {
    const { affected } = await this.#sql.run('DELETE FROM cart_items WHERE cart_id = ? AND variant_id = ?', [
      cartId,
      variantId,
    ]);
    return affected === 1;
  }

  async items(cartId: string): Promise<readonly SeenLine[]> {
    const rows = await this.#sql.query<{
      variant_id: string;
      quantity: number;
      seen_price: RawInteger | null;
    }>(
      'SELECT variant_id, quantity, seen_price FROM cart_items WHERE cart_id = ? ORDER BY added_at, variant_id',
      [cartId],
    );
    return rows.map((row) => ({
      variantId: row.variant_id,
      quantity: row.quantity,
      seenPrice: row.seen_price === null ? undefined : toBigint(row.seen_price),
    }));
  }

  async replaceItems(cartId: string, items: readonly SeenLine[], at: Date): Promise<void> {
    await this.#sql.run('DELETE FROM cart_items WHERE cart_id = ?', [cartId]);
    await insertRows(
      this.#sql,
      'cart_items',
      ['cart_id', 'variant_id', 'quantity', 'added_at', 'seen_price'],
      items.map((item) => [cartId, item.variantId, item.quantity, at, item.seenPrice]),
    );
    await this.#sql.run(
      `UPDATE cart_items SET seen_price = ${PRICE_NOW} WHERE cart_id = ? AND seen_price IS NULL`,
      [cartId],
    );
  }

  async assignTo({ id, owner }: Cart, at: Date): Promise<boolean> {
    try {
      await this.#sql.run('UPDATE carts SET user_id = ?, token_hash = NULL, updated_at = ? WHERE id = ?', [
        ownerKey(owner),
        at,
        id,
      ]);
      return true;
    } catch (error) {
      if (violatedKey(error) === undefined) throw error;
      return false;
    }
  }

  async remove(cartId: string): Promise<void> {
    await this.#sql.run('DELETE FROM cart_items WHERE cart_id = ?', [cartId]);
    await this.#sql.run('DELETE FROM carts WHERE id = ?', [cartId]);
  }

  async takeOrdered(cartId: string, items: readonly MergeLine[], at: Date): Promise<boolean> {
    await this.#sql.run(
      'UPDATE carts SET version = version + 1, coupon_code = NULL, updated_at = ? WHERE id = ?',
      [at, cartId],
    );
    const exact = items.map(() => '(variant_id = ? AND quantity = ?)').join(' OR ');
    const { affected } = await this.#sql.run(`DELETE FROM cart_items WHERE cart_id = ? AND (${exact})`, [
      cartId,
      ...items.flatMap((item) => [item.variantId, item.quantity]),
    ]);
    return affected === items.length;
  }
}
