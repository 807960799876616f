import { type Actor, actorLabel } from '../shared/actor.ts';
import { DomainError } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';
import { checkReturnTransition, type ReturnStatus } from './return-machine.ts';

/** Units of delivered order lines that their buyer sends back. */
export interface OrderReturn {
  readonly id: string;
  readonly orderId: string;
  /** Whose order it is; absent while it is a guest's. */
  readonly buyerId: string | undefined;
  readonly status: ReturnStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** What was ordered to go back, once it is `refunded`: what its lines are worth, or what was left of the payment. */
  readonly refunded: Money | undefined;
  readonly lines: readonly ReturnLine[];
  readonly history: readonly ReturnHistoryEntry[];
}

export interface ReturnLine {
  readonly orderLineId: string;
  /** Units that the buyer asked to send back. */
  readonly quantity: number;
  readonly reason: string;
  /** Units that arrived and are sold again; 0 until then. */
  readonly restocked: number;
  /** Units that arrived and are not sold again. */
  readonly writtenOff: number;
  /** What is owed for the units that arrived. */
  readonly amount: Money;
}

export interface ReturnHistoryEntry {
  readonly id: string;
  readonly from: ReturnStatus | undefined;
  readonly to: ReturnStatus;
  /** `user:<id>` or `system:<name>` */
  readonly actor: string;
  readonly reason: string | undefined;
  readonly at: Date;
}

export interface ReturnStep {
  readonly id: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly reason?: string | undefined;
}

/** @throws DomainError transition_not_allowed, forbidden */
export function advanceReturn(subject: OrderReturn, to: ReturnStatus, step: ReturnStep): OrderReturn {
  checkReturnTransition(subject.status, to, step.actor);
  const entry: ReturnHistoryEntry = {
    id: step.id,
    from: subject.status,
    to,
    actor: actorLabel(step.actor),
    reason: step.reason,
    at: step.at,
  };
  return { ...subject, status: to, updatedAt: step.at, history: [...subject.history, entry] };
}

/** Units of a line that arrived. */
export const arrived = (line: ReturnLine): number => line.restocked + line.writtenOff;

/** Units that came back with these returns, line by line. */
export const cameBack = (returns: readonly OrderReturn[]): { orderLineId: string; quantity: number }[] =>
  returns.flatMap((r) =>
    r.lines
      .map((line) => ({ orderLineId: line.orderLineId, quantity: arrived(line) }))
      .filter((line) => line.quantity > 0),
  );

/** Units that another return must not ask for again: those under way, and those that arrived. */
export const claimed = (returns: readonly OrderReturn[]): { orderLineId: string; quantity: number }[] =>
  returns.flatMap((r) =>
    r.status === 'requested' || r.status === 'approved'
      ? r.lines.map(({ orderLineId, quantity }) => ({ orderLineId, quantity }))
      : cameBack([r]),
  );

/** What staff found in the parcel. */
export interface ReceivedLine {
  readonly lineId: string;
  readonly restock: number;
  readonly writeOff: number;
}

/**
 * The lines with what arrived of each; a line that is not named did not arrive.
 * @param shareOf what is owed for so many units of an order line
 * @throws DomainError not_found for a line that is not of the return, conflict for more than was asked, or for nothing
 */
export function receiveLines(
  lines: readonly ReturnLine[],
  received: readonly ReceivedLine[],
  shareOf: (orderLineId: string, quantity: number) => Money,
): ReturnLine[] {
  const unknown = received.filter((r) => !lines.some((line) => line.orderLineId === r.lineId));
  if (unknown.length > 0) {
    throw new DomainError('not_found', 'the return has no such line', {
      facts: { lineIds: unknown.map((line) => line.lineId) },
    });
  }
  const units = received.reduce((n, { restock, writeOff }) => n + restock + writeOff, 0);
  if (units === 0) throw new DomainError('conflict', 'nothing arrived: withdraw the return instead');
  return lines.map((line) => {
    const found = received.filter((r) => r.lineId === line.orderLineId);
    const restocked = found.reduce((n, r) => n + r.restock, 0);
    const writtenOff = found.reduce((n, r) => n + r.writeOff, 0);
    if (restocked + writtenOff > line.quantity) {
      throw new DomainError('conflict', 'more units arrived than the return is about', {
        facts: { lineId: line.orderLineId, quantity: line.quantity },
      });
    }
    return { ...line, restocked, writtenOff, amount: shareOf(line.orderLineId, restocked + writtenOff) };
  });
}
