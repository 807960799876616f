import type { Payment } from '../../domain/payments/payment.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import type { Once } from '../../domain/shared/once.ts';
import { problemOf, statusOf } from '../problem.ts';

/** A refusal is the answer to a payment that was made and recorded: so it is stored with its key, too. */
export const refusal = (payment: Payment): DomainError | undefined =>
  payment.status === 'declined' || payment.status === 'failed'
    ? new DomainError('payment_declined', 'the payment was declined: try another means of payment', {
        facts: { paymentId: payment.id, failureCode: payment.failureCode ?? 'unknown' },
      })
    : undefined;

export function storingRefusals(
  once: Once<Payment> | undefined,
  instance: string,
): Once<Payment> | undefined {
  if (once === undefined) return undefined;
  const render = (payment: Payment) => {
    const refused = refusal(payment);
    return refused
      ? { status: statusOf(refused), body: problemOf(refused, instance, undefined) }
      : once.render(payment);
  };
  return { ...once, render };
}
