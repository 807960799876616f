import type { GatewayEvent, PaymentGateway, SignedRequest } from '../payments/payment.gateway.ts';
import type { Payment } from '../payments/payment.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { equals } from '../shared/money.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { settlePayment } from './settle-payment.ts';
import { settleRefund } from './settle-refund.ts';
import type { Database, Tx } from './tx.ts';

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

  /** @throws DomainError invalid_signature, malformed_json, validation_failed, not_found (unknown payment or refund) */
  async run(request: SignedRequest): Promise<WebhookReceipt> {
    const { db, clock, gateway, giveBack } = this.#deps;
    const event = await gateway.readWebhook(request);
    if (event === undefined) return { duplicate: false };
    const received = await db.transaction(async (tx): Promise<{ readonly payment?: Payment } | undefined> => {
      const at = clock.now();
      const claimed = await tx.payments.claimWebhook({
        provider: gateway.provider,
        eventId: event.eventId,
        receivedAt: at,
        payload: Buffer.from(request.rawBody).toString('utf8'),
      });
      if (!claimed) return undefined;
      if (event.kind === 'payment') return { payment: await settle(tx, gateway.provider, event, at) };
      await refund(tx, gateway.provider, event, at);
      return {};
    });
    if (received?.payment) await giveBack.run(toGiveBack([received.payment]));
    return { duplicate: received === undefined };
  }
}

async function settle(
  tx: Tx,
  provider: string,
  event: Extract<GatewayEvent, { kind: 'payment' }>,
  at: Date,
): Promise<Payment> {
  const payment = await tx.payments.find(event.paymentId);
  if (payment?.provider !== provider) throw notFound('payment');
  if (!equals(payment.amount, event.amount)) {
    throw new DomainError('conflict', 'the amount of the event is not the amount of the payment');
  }
  return settlePayment(tx, payment.id, event.outcome, at);
}

async function refund(
  tx: Tx,
  provider: string,
  { refundId, result }: Extract<GatewayEvent, { kind: 'refund' }>,
  at: Date,
): Promise<void> {
  const known = await tx.payments.findRefund(refundId);
  const payment = known && (await tx.payments.find(known.paymentId));
  if (payment?.provider !== provider) throw notFound('refund');
  await settleRefund(tx, refundId, result, at);
}
