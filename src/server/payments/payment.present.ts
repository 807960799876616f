import type { z } from 'zod';
import type { Payment } from '../../domain/payments/payment.ts';
import type { Refund } from '../../domain/payments/refund.ts';
import { moneyJson } from '../../domain/shared/money.ts';
import type { PaymentView, RefundView, StaffRefundView } from './payment.schema.ts';

export const presentPayment = (payment: Payment): z.input<typeof PaymentView> => ({
  id: payment.id,
  orderId: payment.orderId,
  provider: payment.provider,
  status: payment.status,
  amount: moneyJson(payment.amount),
  capturedAmount: moneyJson({ ...payment.amount, amount: payment.ledger.captured }),
  refundedAmount: moneyJson({ ...payment.amount, amount: payment.ledger.refunded }),
  failureCode: payment.failureCode ?? null,
  nextActionUrl: payment.nextActionUrl ?? null,
  createdAt: payment.createdAt.toISOString(),
  updatedAt: payment.updatedAt.toISOString(),
});

/** The note is of staff for staff, and not shown here. */
export const presentRefund = (refund: Refund): z.input<typeof RefundView> => ({
  id: refund.id,
  paymentId: refund.paymentId,
  orderId: refund.orderId,
  amount: moneyJson(refund.amount),
  reason: refund.reason,
  status: refund.status,
  failureCode: refund.failureCode ?? null,
  createdAt: refund.createdAt.toISOString(),
  updatedAt: refund.updatedAt.toISOString(),
});

export const presentStaffRefund = (refund: Refund): z.input<typeof StaffRefundView> => ({
  ...presentRefund(refund),
  note: refund.note ?? null,
  replacedBy: refund.replacedBy ?? null,
  closedNote: refund.closedNote ?? null,
});
