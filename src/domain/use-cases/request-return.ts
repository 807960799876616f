import { ReturnRequested } from '../returns/return.events.ts';
import { claimed, type OrderReturn } from '../returns/return.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { zero } from '../shared/money.ts';
import type { Once } from '../shared/once.ts';
import { type Shipment, unitsLeft, unitsOf } from '../shipments/shipment.ts';
import { seesOrder } from './guards.ts';
import { lockOrder, OrderEdit, scopeOf } from './order-edit.ts';
import type { Database, Tx } from './tx.ts';

export interface ReturnRequest {
  readonly orderId: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly reason: string }[];
}

/** The buyer asks to send delivered units back. */
export class RequestReturn {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(deps: { readonly db: Database; readonly clock: Clock }) {
    this.#db = deps.db;
    this.#clock = deps.clock;
  }

  /** @throws DomainError not_found, transition_not_allowed for more than was delivered and is not coming back yet */
  run(actor: Actor, { orderId, lines }: ReturnRequest, once?: Once<OrderReturn>): Promise<OrderReturn> {
    const scope = scopeOf(actor);
    const work = async (tx: Tx): Promise<OrderReturn> => {
      const at = this.#clock.now();
      const order = await lockOrder(tx, orderId, scope);
      const orderLines = await tx.orders.lines(order);
      const here = delivered(orderLines, await tx.shipments.ofOrder(orderId));
      // Refuses what was not delivered, and what another return asks for already.
      unitsLeft(here, claimed(await tx.returns.ofOrder(order)), lines);
      const subject: OrderReturn = {
        id: newId(),
        orderId,
        buyerId: order.userId,
        status: 'requested',
        createdAt: at,
        updatedAt: at,
        refunded: undefined,
        lines: lines.map(({ lineId, quantity, reason }) => ({
          orderLineId: lineId,
          quantity,
          reason,
          restocked: 0,
          writtenOff: 0,
          amount: zero(order.currency),
        })),
        history: [
          { id: newId(), from: undefined, to: 'requested', actor: actorLabel(actor), reason: undefined, at },
        ],
      };
      await tx.returns.insert(subject);
      const edit = new OrderEdit(order, { actor, at });
      edit.emit(ReturnRequested, {
        returnId: subject.id,
        orderId,
        number: order.number,
        lines: lines.map((line) => ({ ...line })),
      });
      await edit.save(tx);
      return subject;
    };
    return this.#db.transaction(work, once, seesOrder(orderId, scope));
  }
}

const delivered = (orderLines: readonly { readonly id: string }[], shipments: readonly Shipment[]) => {
  const units = shipments.filter((s) => s.status === 'delivered').flatMap((s) => s.lines);
  return orderLines.map(({ id }) => ({
    id,
    quantity: unitsOf(units.filter((unit) => unit.orderLineId === id)),
  }));
};
