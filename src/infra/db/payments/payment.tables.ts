import { EntitySchema } from 'typeorm';
import { amount, datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from '../orders/order.tables.ts';

interface PaymentRow {
  id: string;
  orderId: string;
  activeOrderId: string | null;
  provider: string;
  providerReference: string | null;
  status: string;
  amount: bigint;
  currency: string;
  failureCode: string | null;
  nextActionUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

const paymentTable = new EntitySchema<PaymentRow>({
  name: 'Payment',
  tableName: 'payments',
  columns: {
    id: primaryId(),
    orderId: id(),
    activeOrderId: id(nullable),
    provider: text(20),
    providerReference: text(255, nullable),
    status: text(20),
    amount: amount(),
    currency: text(3),
    failureCode: text(60, nullable),
    nextActionUrl: text(1000, nullable),
    createdAt: datetime(),
    updatedAt: datetime(),
    version: int(),
  },
  indices: [
    { name: 'uq_payments_active_order', columns: ['activeOrderId'], unique: true },
    { name: 'idx_payments_order', columns: ['orderId', 'id'] },
    { name: 'idx_payments_status', columns: ['status', 'updatedAt'] },
  ],
  foreignKeys: [ofOrder('fk_payments_order')],
});

interface PaymentWebhookRow {
  provider: string;
  eventId: string;
  receivedAt: Date;
  payload: unknown;
}

const paymentWebhookTable = new EntitySchema<PaymentWebhookRow>({
  name: 'PaymentWebhook',
  tableName: 'payment_webhooks',
  columns: {
    provider: text(20, { primary: true }),
    eventId: text(100, { primary: true }),
    receivedAt: datetime(),
    payload: json(),
  },
  indices: [{ name: 'idx_payment_webhooks_received', columns: ['receivedAt'] }],
});

export const paymentTables = [paymentTable, paymentWebhookTable] as const;
