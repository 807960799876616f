import { EntitySchema } from 'typeorm';
import { amount, bool, datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from '../orders/order.tables.ts';

interface PromotionRow {
  id: string;
  name: string;
  code: string | null;
  kind: string;
  basisPoints: number | null;
  amounts: unknown;
  minimums: unknown;
  startsAt: Date | null;
  endsAt: Date | null;
  totalLimit: number | null;
  perCustomerLimit: number | null;
  redeemed: number;
  active: boolean;
  updatedAt: Date;
  version: number;
}

const promotionTable = new EntitySchema<PromotionRow>({
  name: 'Promotion',
  tableName: 'promotions',
  columns: {
    id: primaryId(),
    name: text(120),
    code: text(40, nullable),
    kind: text(20),
    basisPoints: int(nullable),
    amounts: json(),
    minimums: json(),
    startsAt: datetime(nullable),
    endsAt: datetime(nullable),
    totalLimit: int(nullable),
    perCustomerLimit: int(nullable),
    redeemed: int(),
    active: bool(),
    updatedAt: datetime(),
    version: int(),
  },
  indices: [{ name: 'uq_promotions_code', columns: ['code'], unique: true }],
});

interface RedemptionRow {
  id: string;
  promotionId: string;
  orderId: string;
  customerKey: string | null;
  slot: number | null;
  saving: bigint;
  currency: string;
  createdAt: Date;
  releasedAt: Date | null;
}

const redemptionTable = new EntitySchema<RedemptionRow>({
  name: 'PromotionRedemption',
  tableName: 'promotion_redemptions',
  columns: {
    id: primaryId(),
    promotionId: id(),
    orderId: id(),
    customerKey: text(300, nullable),
    slot: int(nullable),
    saving: amount(),
    currency: text(3),
    createdAt: datetime(),
    releasedAt: datetime(nullable),
  },
  indices: [
    { name: 'uq_promotion_redemptions_order', columns: ['orderId', 'promotionId'], unique: true },
    { name: 'uq_promotion_redemptions_slot', columns: ['promotionId', 'customerKey', 'slot'], unique: true },
  ],
  foreignKeys: [
    {
      name: 'fk_promotion_redemptions_promotion',
      target: 'Promotion',
      columnNames: ['promotionId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
    ofOrder('fk_promotion_redemptions_order'),
  ],
});

export const promotionTables = [promotionTable, redemptionTable] as const;
