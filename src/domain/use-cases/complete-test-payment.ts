import type { TestGateway } from '../payments/payment.gateway.ts';
import type { PaymentReadModel } from '../payments/payment.store.ts';
import type { Payment } from '../payments/payment.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { ReceivePaymentWebhook } from './receive-payment-webhook.ts';

interface Deps {
  readonly gateway: TestGateway;
  readonly payments: PaymentReadModel;
  readonly receive: ReceivePaymentWebhook;
}

/** Plays the buyer who follows `nextActionUrl`: the outcome takes the same way as a provider's, its webhook. */
export class CompleteTestPayment {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError not_found, transition_not_allowed when the payment waits for nothing */
  async run(paymentId: string, succeeds: boolean): Promise<Payment> {
    const { gateway, payments, receive } = this.#deps;
    const payment = await payments.find(paymentId);
    if (payment?.provider !== gateway.provider) throw notFound('payment');
    if (payment.status !== 'requires_action') {
      throw new DomainError(
        'transition_not_allowed',
        `the payment is ${payment.status}: it waits for nothing`,
      );
    }
    await receive.run(await gateway.completeAction(payment, succeeds));
    return (await payments.find(paymentId)) ?? payment;
  }
}
