import { PaymentRefunded, PaymentVoided } from '../payments/payment.events.ts';
import type { PaymentGateway } from '../payments/payment.gateway.ts';
import type { PaymentReadModel } from '../payments/payment.store.ts';
import { move, type Payment } from '../payments/payment.ts';
import type { Clock } from '../shared/clock.ts';
import { errorFacts, type Log } from '../shared/log.ts';
import { OrderEdit } from './order-edit.ts';
import { paymentFacts } from './payment-events.ts';
import { lockPayment, PAYMENTS } from './settle-payment.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly gateway: PaymentGateway;
  readonly payments: PaymentReadModel;
}

/** Returns money that is marked for it: refunds what was captured, voids what was only authorized. */
export class GiveBackMoney {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Everything that is marked, e.g. because the gateway was away at the time. @returns how many were returned */
  async sweep(limit = 100): Promise<number> {
    return this.run(await this.#deps.payments.toGiveBack(limit));
  }

  /** Failures are logged and leave the payment marked: the sweep tries again. @returns how many were returned */
  async run(payments: readonly Payment[]): Promise<number> {
    let done = 0;
    for (const payment of payments) {
      try {
        await this.#giveBack(payment);
        done += 1;
      } catch (error) {
        this.#deps.log.warn(
          { paymentId: payment.id, ...errorFacts(error) },
          'money could not be given back yet',
        );
      }
    }
    return done;
  }

  async #giveBack(payment: Payment): Promise<void> {
    const { gateway, db, clock } = this.#deps;
    const request = { paymentId: payment.id, reference: payment.providerReference, amount: payment.amount };
    const refund = payment.status === 'refund_pending';
    await (refund ? gateway.refund(request) : gateway.void(request));
    const at = clock.now();
    await db.transaction(async (tx) => {
      const locked = await lockPayment(tx, payment.id);
      // Another process gave it back at the same time: the gateway did it once, and so do we.
      if (locked.payment.status !== payment.status) return;
      const stored = await tx.payments.update(move(locked.payment, refund ? 'refunded' : 'voided', at));
      const edit = new OrderEdit(locked.order, { actor: PAYMENTS, at });
      edit.emit(refund ? PaymentRefunded : PaymentVoided, paymentFacts(locked.order, stored));
      await edit.save(tx);
    });
  }
}

export const toGiveBack = (payments: readonly Payment[]): Payment[] =>
  payments.filter((p) => p.status === 'refund_pending' || p.status === 'void_pending');
