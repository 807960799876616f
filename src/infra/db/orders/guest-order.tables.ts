import { EntitySchema } from 'typeorm';
import { datetime, id, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from './order.tables.ts';

interface GuestOrderRow {
  orderId: string;
  tokenHash: string;
  createdAt: Date;
}

const guestOrderTable = new EntitySchema<GuestOrderRow>({
  name: 'GuestOrder',
  tableName: 'guest_orders',
  columns: { orderId: id({ primary: true }), tokenHash: text(64), createdAt: datetime() },
  indices: [{ name: 'uq_guest_orders_token', columns: ['tokenHash'], unique: true }],
  foreignKeys: [ofOrder('fk_guest_orders_order')],
});

interface OrderClaimRow {
  id: string;
  orderId: string;
  tokenHash: string;
  createdAt: Date;
  expiresAt: Date;
  spentAt: Date | null;
}

const orderClaimTable = new EntitySchema<OrderClaimRow>({
  name: 'OrderClaim',
  tableName: 'order_claims',
  columns: {
    id: primaryId(),
    orderId: id(),
    tokenHash: text(64),
    createdAt: datetime(),
    expiresAt: datetime(),
    spentAt: datetime(nullable),
  },
  indices: [
    { name: 'uq_order_claims_token', columns: ['tokenHash'], unique: true },
    { name: 'idx_order_claims_order', columns: ['orderId', 'createdAt'] },
  ],
  foreignKeys: [ofOrder('fk_order_claims_order')],
});

export const guestOrderTables = [guestOrderTable, orderClaimTable] as const;
