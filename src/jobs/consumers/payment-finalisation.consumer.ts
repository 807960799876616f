import { GiveBackOfOrder } from '../../domain/payments/give-back.job.ts';
import { PaymentRefundRequested } from '../../domain/payments/payment.events.ts';
import { defineConsumer } from './define-consumer.ts';

/**
 * Money that must go back goes at once, whatever became of the process that promised it: the sweep, which runs every
 * few minutes, is for a provider that was away.
 */
export const paymentFinalisationConsumers = [
  defineConsumer({
    group: 'payments',
    event: PaymentRefundRequested,
    handle: (tx, { id }, { orderId }) =>
      tx.jobs.enqueue(GiveBackOfOrder, { orderId }, { uniqueKey: `give-back:${id}` }),
  }),
] as const;
