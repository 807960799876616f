import type { PaymentGateway } from '../../domain/payments/payment.gateway.ts';
import { DomainError } from '../../domain/shared/errors.ts';

/** Production without a provider: nothing can be paid, and everybody is told why. */
export class NoGateway implements PaymentGateway {
  readonly provider = 'none';

  checkToken(): never {
    throw notConfigured();
  }

  checkAmount(): never {
    throw notConfigured();
  }

  charge(): Promise<never> {
    return Promise.reject(notConfigured());
  }

  capture(): Promise<never> {
    return Promise.reject(notConfigured());
  }

  void(): Promise<never> {
    return Promise.reject(notConfigured());
  }

  refund(): Promise<never> {
    return Promise.reject(notConfigured());
  }

  find(): Promise<never> {
    return Promise.reject(notConfigured());
  }

  readWebhook(): Promise<never> {
    return Promise.reject(notConfigured());
  }
}

const notConfigured = (): DomainError =>
  new DomainError(
    'unavailable',
    'this shop has no payment provider: set STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET (or PAYMENT_GATEWAY=mock, which moves no money)',
  );
