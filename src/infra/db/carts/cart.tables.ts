import { EntitySchema } from 'typeorm';
import { amount, datetime, id, int, nullable, primaryId, text } from '../columns.ts';

interface CartRow {
  id: string;
  userId: string | null;
  tokenHash: string | null;
  currency: string;
  couponCode: string | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

const cartTable = new EntitySchema<CartRow>({
  name: 'Cart',
  tableName: 'carts',
  columns: {
    id: primaryId(),
    userId: id(nullable),
    tokenHash: text(64, nullable),
    currency: text(3),
    couponCode: text(40, nullable),
    createdAt: datetime(),
    updatedAt: datetime(),
    version: int(),
  },
  indices: [
    { name: 'uq_carts_user', columns: ['userId'], unique: true },
    { name: 'uq_carts_token', columns: ['tokenHash'], unique: true },
    { name: 'idx_carts_idle', columns: ['userId', 'updatedAt'] },
  ],
  foreignKeys: [
    {
      name: 'fk_carts_user',
      target: 'User',
      columnNames: ['userId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
      onUpdate: 'NO ACTION',
    },
  ],
});

interface CartItemRow {
  cartId: string;
  variantId: string;
  quantity: number;
  addedAt: Date;
  seenPrice: bigint | null;
}

const cartItemTable = new EntitySchema<CartItemRow>({
  name: 'CartItem',
  tableName: 'cart_items',
  columns: {
    cartId: id({ primary: true }),
    variantId: id({ primary: true }),
    quantity: int(),
    addedAt: datetime(),
    seenPrice: amount(nullable),
  },
  indices: [{ name: 'idx_cart_items_variant', columns: ['variantId'] }],
  foreignKeys: [
    {
      name: 'fk_cart_items_cart',
      target: 'Cart',
      columnNames: ['cartId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
      onUpdate: 'NO ACTION',
    },
    {
      name: 'fk_cart_items_variant',
      target: 'Variant',
      columnNames: ['variantId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});

export const cartTables = [cartTable, cartItemTable] as const;
