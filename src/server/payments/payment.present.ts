import type { z } from 'zod';
import type { Payment } from '../../domain/payments/payment.ts';
import { moneyJson } from '../../domain/shared/money.ts';
import type { PaymentView } from './payment.schema.ts';

export const presentPayment = (payment: Payment): z.input<typeof PaymentView> => ({
  id: payment.id,
  orderId: payment.orderId,
  provider: payment.provider,
  status: payment.status,
  amount: moneyJson(payment.amount),
  failureCode: payment.failureCode ?? null,
  nextActionUrl: payment.nextActionUrl ?? null,
  createdAt: payment.createdAt.toISOString(),
  updatedAt: payment.updatedAt.toISOString(),
});
