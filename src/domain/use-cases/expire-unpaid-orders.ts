import type { Actor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { errorFacts, type Log } from '../shared/log.ts';
import type { OrderReadModel } from './order-detail.ts';
import { OrderEdit } from './order-edit.ts';
import { returnPayment } from './return-money.ts';
import { releaseStock } from './stock-moves.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly orders: OrderReadModel;
}

const EXPIRY: Actor = { type: 'system', name: 'order-expiry' };

/** Orders that were not paid in time give their stock back. */
export class ExpireUnpaidOrders {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** One short transaction per order, so that one that fails keeps no other; stops between two of them. @returns how many expired */
  async run(limit = 500, signal?: AbortSignal): Promise<number> {
    const { db, clock, log, orders } = this.#deps;
    const now = clock.now();
    let expired = 0;
    for (const orderId of await orders.expired(now, limit)) {
      signal?.throwIfAborted();
      try {
        if (await db.transaction((tx) => expire(tx, orderId, now))) expired += 1;
      } catch (error) {
        log.warn({ orderId, ...errorFacts(error) }, 'the order could not be expired yet');
      }
    }
    return expired;
  }
}

/** @returns false when it was paid or cancelled since it was listed */
async function expire(tx: Tx, orderId: string, now: Date): Promise<boolean> {
  const order = await tx.orders.lock(orderId, 'any');
  if (order?.status !== 'pending_payment' || order.expiresAt > now) return false;
  const edit = new OrderEdit(order, { actor: EXPIRY, at: now });
  edit.transition('expired', 'not paid in time');
  // What waits for the buyer is withdrawn; what has no outcome yet is settled when it has one.
  for (const payment of await tx.payments.ofOrder(orderId))
    await returnPayment(tx, edit, payment, 'order_cancelled');
  await edit.save(tx, await releaseStock(tx, orderId, now));
  return true;
}
