import { EntitySchema } from 'typeorm';
import { amount, datetime, id, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from '../orders/order.tables.ts';

const ofPayment = (name: string) => ({ ...ofOrder(name), target: 'Payment', columnNames: ['paymentId'] });

interface PaymentCaptureRow {
  paymentId: string;
  orderId: string;
  amount: bigint;
  currency: string;
  promised: bigint;
  capturedAt: Date;
}

const paymentCaptureTable = new EntitySchema<PaymentCaptureRow>({
  name: 'PaymentCapture',
  tableName: 'payment_captures',
  columns: {
    paymentId: primaryId(),
    orderId: id(),
    amount: amount(),
    currency: text(3),
    promised: amount(),
    capturedAt: datetime(),
  },
  indices: [{ name: 'idx_payment_captures_order', columns: ['orderId'] }],
  foreignKeys: [ofPayment('fk_payment_captures_payment'), ofOrder('fk_payment_captures_order')],
});

interface RefundRow {
  id: string;
  paymentId: string;
  orderId: string;
  amount: bigint;
  currency: string;
  reason: string;
  note: string | null;
  actor: string;
  status: string;
  providerReference: string | null;
  failureCode: string | null;
  replacedBy: string | null;
  closedNote: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const refundTable = new EntitySchema<RefundRow>({
  name: 'Refund',
  tableName: 'refunds',
  columns: {
    id: primaryId(),
    paymentId: id(),
    orderId: id(),
    amount: amount(),
    currency: text(3),
    reason: text(20),
    note: text(500, nullable),
    actor: text(100),
    status: text(20),
    providerReference: text(255, nullable),
    failureCode: text(60, nullable),
    replacedBy: id(nullable),
    closedNote: text(500, nullable),
    createdAt: datetime(),
    updatedAt: datetime(),
  },
  indices: [
    { name: 'idx_refunds_order', columns: ['orderId', 'id'] },
    { name: 'idx_refunds_payment', columns: ['paymentId', 'status'] },
    { name: 'idx_refunds_status', columns: ['status', 'createdAt'] },
    { name: 'idx_refunds_status_id', columns: ['status', 'id'] },
  ],
  foreignKeys: [ofPayment('fk_refunds_payment'), ofOrder('fk_refunds_order')],
});

interface MockChargeRow {
  paymentId: string;
  status: string;
  updatedAt: Date;
}

/** What the mock gateway remembers, as a provider would. */
const mockChargeTable = new EntitySchema<MockChargeRow>({
  name: 'MockCharge',
  tableName: 'mock_charges',
  columns: { paymentId: primaryId(), status: text(20), updatedAt: datetime() },
});

export const paymentLedgerTables = [paymentCaptureTable, refundTable, mockChargeTable] as const;
