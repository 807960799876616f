import { SendOrderClaim } from '../notifications/send-order-claim.job.ts';
import { CLAIM_MINUTES, CLAIM_PAUSE_MINUTES, type ClaimTokens } from '../orders/guest-order.ts';
import { OrderClaimed } from '../orders/order.events.ts';
import type { UserActor } from '../shared/actor.ts';
import { addMinutes, type Clock } from '../shared/clock.ts';
import { notFound } from '../shared/errors.ts';
import { hashToken, newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import type { OrderDetail } from './order-detail.ts';
import { lockOrder, OrderEdit } from './order-edit.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly tokens: ClaimTokens;
}

export interface ClaimSent {
  readonly sent: true;
}

/** A guest's order becomes that of an account whose holder proves to read the mail of the order's address. */
export class ClaimOrder {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Mails a token to the order's address. The answer is the same whether there is such an order or not. */
  ask(number: string, once?: Once<ClaimSent>): Promise<ClaimSent> {
    const { db, clock, tokens } = this.#deps;
    return db.transaction(async (tx) => {
      const at = clock.now();
      const orderId = await tx.guestOrders.claimable(number);
      if (orderId === undefined) return { sent: true };
      await lockOrder(tx, orderId, 'any');
      if (await tx.guestOrders.claimedSince(orderId, addMinutes(at, -CLAIM_PAUSE_MINUTES)))
        return { sent: true };
      const id = newId();
      await tx.guestOrders.insertClaim({
        id,
        orderId,
        tokenHash: hashToken(tokens.tokenOf(id)),
        createdAt: at,
        expiresAt: addMinutes(at, CLAIM_MINUTES),
      });
      await tx.jobs.enqueue(SendOrderClaim, { claimId: id }, { uniqueKey: `order-claim:${id}` });
      return { sent: true };
    }, once);
  }

  /** @throws DomainError not_found for a token that is unknown, spent or too old, and for an order that is somebody's */
  redeem(actor: UserActor, token: string, once?: Once<OrderDetail>): Promise<OrderDetail> {
    return this.#deps.db.transaction(async (tx) => {
      const at = this.#deps.clock.now();
      const orderId = await tx.guestOrders.spend(hashToken(token), at);
      if (orderId === undefined) throw notFound('claim');
      const edit = new OrderEdit(await lockOrder(tx, orderId, 'any'), { actor, at });
      if (!(await tx.guestOrders.giveTo(orderId, actor.userId))) throw notFound('claim');
      const owner = await tx.users.lock(actor.userId);
      await tx.promotions.rekey(orderId, owner?.user.email ?? actor.userId);
      edit.emit(OrderClaimed, { orderId, number: edit.order.number, userId: actor.userId });
      await edit.save(tx);
      const detail = await tx.orderDetails.detail(orderId, { ownerId: actor.userId });
      if (detail === undefined) throw notFound('order');
      return detail;
    }, once);
  }
}
