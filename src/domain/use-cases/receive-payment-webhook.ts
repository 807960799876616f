import type { PaymentGateway, SignedRequest } from '../payments/payment.gateway.ts';
import type { Payment } from '../payments/payment.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { equals } from '../shared/money.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { settlePayment } from './settle-payment.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly gateway: PaymentGateway;
  readonly giveBack: GiveBackMoney;
}

export interface WebhookReceipt {
  /** The provider's event was received before: nothing was done. */
  readonly duplicate: boolean;
}

/** What a provider tells on its own: any event any number of times, in any order, with one effect. */
export class ReceivePaymentWebhook {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError invalid_signature, malformed_json, validation_failed, not_found (unknown payment) */
  async run(request: SignedRequest): Promise<WebhookReceipt> {
    const { db, clock, gateway, giveBack } = this.#deps;
    const event = gateway.readWebhook(request);
    const settled = await db.transaction(async (tx): Promise<Payment | undefined> => {
      const at = clock.now();
      const claimed = await tx.payments.claimWebhook({
        provider: gateway.provider,
        eventId: event.eventId,
        receivedAt: at,
        payload: Buffer.from(request.rawBody).toString('utf8'),
      });
      if (!claimed) return undefined;
      const payment = await tx.payments.find(event.paymentId);
      if (payment?.provider !== gateway.provider) throw notFound('payment');
      if (!equals(payment.amount, event.amount)) {
        throw new DomainError('conflict', 'the amount of the event is not the amount of the payment');
      }
      return settlePayment(tx, payment.id, event.outcome, at);
    });
    if (settled) await giveBack.run(toGiveBack([settled]));
    return { duplicate: settled === undefined };
  }
}
