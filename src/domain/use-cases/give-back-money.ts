import type { PaymentGateway, RefundRequest } from '../payments/payment.gateway.ts';
import type { PaymentReadModel } from '../payments/payment.store.ts';
import { answerOf, type Payment } from '../payments/payment.ts';
import type { Refund } from '../payments/refund.ts';
import type { Clock } from '../shared/clock.ts';
import { errorFacts, type Log } from '../shared/log.ts';
import { chargedOf } from './payment-events.ts';
import { settlePayment } from './settle-payment.ts';
import { settleRefund } from './settle-refund.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly gateway: PaymentGateway;
  readonly payments: PaymentReadModel;
}

/** How many batches one sweep looks into; what fails in them must not keep the rest waiting. */
const BATCHES = 10;

/** Tells the gateway what was promised in a transaction: attempts to void, refunds to make. */
export class GiveBackMoney {
  readonly #deps: Deps;
  /** Where the last sweep stopped, had it more to do: the next one goes on there. */
  #after: string | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Everything that is promised, e.g. because the gateway was away at the time.
   * @param limit of one batch @param signal stops it between two orders @returns how many were returned
   */
  async sweep(limit = 100, signal?: AbortSignal): Promise<number> {
    const { payments, gateway } = this.#deps;
    let done = 0;
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const orders = await payments.ordersToGiveBack(gateway.provider, limit, this.#after);
      for (const orderId of orders) {
        signal?.throwIfAborted();
        done += await this.ofOrder(orderId);
        this.#after = orderId;
      }
      if (orders.length < limit) {
        this.#after = undefined;
        break;
      }
    }
    return done;
  }

  /** What is promised of the orders of these payments. @returns how many were returned */
  async run(payments: readonly Payment[]): Promise<number> {
    let done = 0;
    for (const orderId of new Set(payments.map((payment) => payment.orderId)))
      done += await this.ofOrder(orderId);
    return done;
  }

  /** Failures are logged and leave the promise as it is: the sweep tries again. @returns how many were returned */
  async ofOrder(orderId: string): Promise<number> {
    const { payments } = this.#deps;
    const attempts = await payments.ofOrder(orderId);
    let done = 0;
    for (const payment of attempts.filter((p) => p.status === 'void_pending'))
      if (await this.#guard(payment, () => this.#void(payment))) done += 1;
    // Read after that: an attempt that could not be voided, because it was captured, is refunded now.
    for (const refund of await payments.refundsOf(orderId)) {
      const payment = attempts.find((p) => p.id === refund.paymentId);
      if (refund.status !== 'pending' || payment === undefined) continue;
      if (await this.#guard(payment, () => this.#refund(payment, refund))) done += 1;
    }
    return done;
  }

  async #guard(payment: Payment, work: () => Promise<void>): Promise<boolean> {
    const { log, gateway } = this.#deps;
    if (payment.provider !== gateway.provider) {
      log.warn(
        { paymentId: payment.id, provider: payment.provider },
        'money is promised back by another provider',
      );
      return false;
    }
    try {
      await work();
      return true;
    } catch (error) {
      log.warn({ paymentId: payment.id, ...errorFacts(error) }, 'money could not be given back yet');
      return false;
    }
  }

  async #void(payment: Payment): Promise<void> {
    const { gateway, db, clock } = this.#deps;
    const outcome = answerOf(await gateway.void(chargedOf(payment)));
    await db.transaction((tx) => settlePayment(tx, payment.id, outcome, clock.now()));
  }

  async #refund(payment: Payment, refund: Refund): Promise<void> {
    const { gateway, db, clock, log } = this.#deps;
    const request: RefundRequest = { ...chargedOf(payment), amount: refund.amount, refundId: refund.id };
    const result = await gateway.refund(request);
    await db.transaction((tx) => settleRefund(tx, refund.id, result, clock.now()));
    if (result.type === 'failed')
      log.error(
        { paymentId: payment.id, refundId: refund.id, failureCode: result.failureCode },
        'a refund was refused: somebody must look after it',
      );
  }
}

export const toGiveBack = (payments: readonly Payment[]): Payment[] =>
  payments.filter((p) => p.status === 'refund_pending' || p.status === 'void_pending');
