import type { CartReadModel } from '../../../domain/carts/cart.store.ts';
import type { CartOwner, CartView } from '../../../domain/carts/cart.ts';
import type { Locale } from '../../../domain/shared/locale.ts';
import type { Sql } from '../sql.ts';
import { readCart } from './cart-view.ts';

export class SqlCartReadModel implements CartReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  find(owner: CartOwner, locale: Locale): Promise<CartView | undefined> {
    return readCart(this.#sql, owner, locale);
  }
}
