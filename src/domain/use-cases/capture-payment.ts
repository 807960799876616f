import type { PaymentGateway } from '../payments/payment.gateway.ts';
import { answerOf, type GatewayOutcome, move, type Payment } from '../payments/payment.ts';
import type { Actor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, unlessAway } from '../shared/errors.ts';
import type { Once } from '../shared/once.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { seesPayment } from './guards.ts';
import { chargedOf } from './payment-events.ts';
import { lockPayment, settlePayment } from './settle-payment.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly gateway: PaymentGateway;
  readonly giveBack: GiveBackMoney;
}

/** Takes the money that was authorized. Short transaction, gateway, short transaction. */
export class CapturePayment {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Always the whole amount. Where the gateway does not answer the payment stays `capture_pending`, and the
   * reconciliation finishes it.
   * @throws DomainError not_found, transition_not_allowed, idempotency_in_flight
   */
  async run(actor: Actor, paymentId: string, once?: Once<Payment>): Promise<Payment> {
    const { db, clock, giveBack } = this.#deps;
    const begun = await db.transaction((tx) => this.#begin(tx, paymentId, once));
    const outcome = begun.status === 'capture_pending' ? await this.#capture(begun) : undefined;
    const settled = await db.transaction(async (tx) => {
      const result = outcome
        ? await settlePayment(tx, paymentId, outcome, clock.now(), actor)
        : ((await tx.payments.find(paymentId)) ?? begun);
      if (once) await tx.idempotency.complete(once, result);
      return result;
    });
    await giveBack.run(toGiveBack([settled]));
    return settled;
  }

  async #begin(tx: Tx, paymentId: string, once: Once<Payment> | undefined): Promise<Payment> {
    let resumed = false;
    if (once) {
      await seesPayment(paymentId, 'any')(tx);
      const isDone = async (id: string) => isOver((await lockPayment(tx, id)).payment);
      ({ resumed } = await tx.idempotency.begin(once, paymentId, isDone));
    }
    const { payment } = await lockPayment(tx, paymentId);
    // What an earlier request with this key began has come to its end by another way.
    if (resumed && isOver(payment)) return payment;
    return begin(tx, payment, this.#deps.gateway.provider, this.#deps.clock.now());
  }

  #capture(payment: Payment): Promise<GatewayOutcome | undefined> {
    return unlessAway(this.#deps.gateway.capture(chargedOf(payment)).then(answerOf));
  }
}

const isOver = ({ status }: Payment): boolean => status !== 'authorized' && status !== 'capture_pending';

async function begin(tx: Tx, payment: Payment, provider: string, at: Date): Promise<Payment> {
  if (payment.provider !== provider) {
    throw new DomainError(
      'unavailable',
      `the provider of this payment, ${payment.provider}, is not configured`,
    );
  }
  // Begun before, by a process that died or a gateway that did not answer: it may be finished now.
  if (payment.status === 'capture_pending') return payment;
  return tx.payments.update(move(payment, 'capture_pending', at));
}
