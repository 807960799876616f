import { mergeLines } from '../carts/cart.ts';
import type { Clock } from '../shared/clock.ts';
import { hashToken } from '../shared/ids.ts';
import { openCart } from './manage-cart.ts';
import type { Database } from './tx.ts';

/** What happens to a guest's cart when its holder signs in. */
export class MergeGuestCart {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(deps: { readonly db: Database; readonly clock: Clock }) {
    this.#db = deps.db;
    this.#clock = deps.clock;
  }

  /**
   * Quantities add up (see `mergeLines`), the user's currency stays, the guest's cart is gone.
   * @returns false when the token belongs to no cart, or it was merged before: never an error, so that signing in works
   */
  run(userId: string, token: string): Promise<boolean> {
    return this.#db.transaction(async (tx) => {
      const at = this.#clock.now();
      const guestOwner = { type: 'guest', tokenHash: hashToken(token) } as const;
      const userOwner = { type: 'user', userId } as const;
      const guest = await tx.carts.find(guestOwner);
      if (guest === undefined) return false;
      // Waits for another merge of the same cart, after which it is nobody's guest cart any more.
      await tx.carts.touch(guest.id, at);
      if ((await tx.carts.find(guestOwner)) === undefined) return false;
      const own = await tx.carts.find(userOwner);
      if (own === undefined && (await tx.carts.assignTo({ ...guest, owner: userOwner }, at))) return true;
      const cart = own ?? (await openCart(tx, userOwner, at));
      await tx.carts.touch(cart.id, at);
      const theirs = await tx.carts.items(guest.id);
      // A price that was seen in another currency says nothing of this cart's.
      const added =
        guest.currency === cart.currency ? theirs : theirs.map((line) => ({ ...line, seenPrice: undefined }));
      const merged = mergeLines(await tx.carts.items(cart.id), added);
      await tx.carts.replaceItems(cart.id, merged, at);
      if (cart.couponCode === undefined && guest.couponCode !== undefined) {
        await tx.carts.setCoupon(cart.id, guest.couponCode);
      }
      await tx.carts.remove(guest.id);
      return true;
    });
  }
}
