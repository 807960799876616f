import { type OrderLine, unitShare } from '../orders/order.ts';
import {
  ReturnApproved,
  ReturnReceived,
  ReturnRefunded,
  ReturnRejected,
  ReturnWithdrawn,
} from '../returns/return.events.ts';
import {
  advanceReturn,
  arrived,
  type OrderReturn,
  type ReceivedLine,
  receiveLines,
} from '../returns/return.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { notFound } from '../shared/errors.ts';
import type { NewEvent } from '../shared/event.ts';
import { newId } from '../shared/ids.ts';
import { type Money, moneyJson, sum } from '../shared/money.ts';
import type { Once } from '../shared/once.ts';
import { unitsOf } from '../shipments/shipment.ts';
import type { GiveBackMoney } from './give-back-money.ts';
import { seesReturn } from './guards.ts';
import { OrderEdit, scopeOf } from './order-edit.ts';
import { unitsOwed } from './order-units.ts';
import { refundOrder } from './return-money.ts';
import { adjustStock } from './stock-moves.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly giveBack: GiveBackMoney;
}

type Decision = 'approved' | 'rejected' | 'withdrawn';
const DECISIONS = { approved: ReturnApproved, rejected: ReturnRejected, withdrawn: ReturnWithdrawn } as const;

interface Step {
  readonly tx: Tx;
  readonly edit: OrderEdit;
  readonly subject: OrderReturn;
  readonly at: Date;
}

/** What becomes of a return: each step under the lock of its order. */
export class ProcessReturn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @param request.orderId that the return must be of, where the caller names one
   * @throws DomainError not_found, transition_not_allowed, forbidden
   */
  decide(
    actor: Actor,
    request: {
      readonly returnId: string;
      readonly orderId?: string;
      readonly to: Decision;
      readonly reason: string | undefined;
    },
    once?: Once<OrderReturn>,
  ): Promise<OrderReturn> {
    const { returnId, orderId, to, reason } = request;
    return this.#step(actor, returnId, once, ({ edit, subject, at }) => {
      if (orderId !== undefined && orderId !== subject.orderId) throw notFound('return');
      edit.emit(DECISIONS[to], {
        ...reference(edit, subject),
        actor: actorLabel(actor),
        reason: reason ?? null,
      });
      return Promise.resolve({ after: advanceReturn(subject, to, { id: newId(), actor, at, reason }) });
    });
  }

  /** Records what arrived: restocked units are on hand again. @throws DomainError as `decide`, conflict */
  receive(
    actor: Actor,
    request: { readonly returnId: string; readonly lines: readonly ReceivedLine[] },
    once?: Once<OrderReturn>,
  ): Promise<OrderReturn> {
    return this.#step(actor, request.returnId, once, async ({ tx, edit, subject, at }) => {
      const moved = advanceReturn(subject, 'received', { id: newId(), actor, at });
      const orderLines = await tx.orders.lines(edit.order);
      const owed = await unitsOwed(tx, edit.order);
      const lines = receiveLines(subject.lines, request.lines, (orderLineId, quantity) => {
        const before = unitsOf(owed.filter((unit) => unit.orderLineId === orderLineId));
        return unitShare(lineOf(orderLines, orderLineId), before, quantity);
      });
      const after = { ...moved, lines };
      edit.emit(ReturnReceived, {
        ...reference(edit, subject),
        amount: moneyJson(amountOf(after, edit)),
        lines: lines
          .filter((line) => arrived(line) > 0)
          .map(({ orderLineId, restocked, writtenOff, amount }) => ({
            lineId: orderLineId,
            restocked,
            writtenOff,
            amount: moneyJson(amount),
          })),
      });
      return { after, beside: await restock({ tx, edit, subject: after, at }, actor, orderLines) };
    });
  }

  /**
   * Orders the refund of what is owed; where staff have given back so much before that less is left of the payment, of
   * that. The return says how much it was.
   * @throws DomainError as `decide`
   */
  async refund(actor: Actor, returnId: string, once?: Once<OrderReturn>): Promise<OrderReturn> {
    const refunded = await this.#step(actor, returnId, once, async ({ tx, edit, subject, at }) => {
      const moved = advanceReturn(subject, 'refunded', { id: newId(), actor, at });
      const wish = { amount: amountOf(subject, edit), reason: 'return', note: undefined } as const;
      const amount = await refundOrder(tx, edit, wish);
      edit.emit(ReturnRefunded, {
        ...reference(edit, subject),
        amount: moneyJson(amount),
        actor: actorLabel(actor),
      });
      return { after: { ...moved, refunded: amount } };
    });
    await this.#deps.giveBack.ofOrder(refunded.orderId);
    return refunded;
  }

  #step(
    actor: Actor,
    returnId: string,
    once: Once<OrderReturn> | undefined,
    change: (step: Step) => Promise<{ after: OrderReturn; beside?: NewEvent[] }>,
  ): Promise<OrderReturn> {
    const scope = scopeOf(actor);
    const work = async (tx: Tx): Promise<OrderReturn> => {
      const at = this.#deps.clock.now();
      const orderId = await tx.returns.orderOf(returnId);
      const order = orderId === undefined ? undefined : await tx.orders.lock(orderId, scope);
      if (order === undefined) throw notFound('return');
      const edit = new OrderEdit(order, { actor, at });
      const subject = (await tx.returns.ofOrder(edit.order)).find((r) => r.id === returnId);
      if (subject === undefined) throw notFound('return');
      const { after, beside } = await change({ tx, edit, subject, at });
      await tx.returns.update(subject, after);
      await edit.save(tx, beside);
      return after;
    };
    return this.#deps.db.transaction(work, once, seesReturn(returnId, scope));
  }
}

const reference = (edit: OrderEdit, subject: OrderReturn) => ({
  returnId: subject.id,
  orderId: edit.order.id,
  number: edit.order.number,
});

const amountOf = (subject: OrderReturn, edit: OrderEdit): Money =>
  sum(
    subject.lines.map((line) => line.amount),
    edit.order.currency,
  );

function lineOf(lines: readonly OrderLine[], id: string): OrderLine {
  const line = lines.find((l) => l.id === id);
  if (line === undefined) throw new Error(`the order has no line ${id}`);
  return line;
}

/** Back on the shelf that each line came from: an adjustment with its row and its event, like any other. */
async function restock(
  { tx, edit, subject, at }: Step,
  actor: Actor,
  orderLines: readonly OrderLine[],
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  const levels = await tx.reservations.levelsOf(edit.order.id);
  const levelOf = ({ id }: OrderLine): string => levels.get(id) ?? '';
  const back = subject.lines
    .filter((line) => line.restocked > 0)
    .map((line) => ({ ...lineOf(orderLines, line.orderLineId), delta: line.restocked }))
    // Everybody locks in the order of the levels' ids, checkouts too, or they wait for each other.
    .sort((a, b) => (levelOf(a) < levelOf(b) ? -1 : 1));
  for (const { variantId, warehouseId, delta } of back) {
    const reason = `return to order ${edit.order.number}`;
    const by = actorLabel(actor);
    const adjusted = await adjustStock(tx, {
      id: newId(),
      variantId,
      warehouseId,
      delta,
      reason,
      actor: by,
      at,
    });
    events.push(...adjusted.events);
  }
  return events;
}
