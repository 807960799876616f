import { z } from 'zod';
import { AddressBody } from '../addresses/addresses.schema.ts';
import { CartToken } from '../carts/cart.schema.ts';
import { idField } from '../fields.ts';
import { OrderView, PlaceOrderBody } from './order.schema.ts';

export const GuestCartHeaders = z.object({ 'x-cart-token': CartToken.exactOptional() });

export const GuestOrderHeaders = z.object({
  'x-order-token': z
    .string()
    .regex(/^[\w-]{43}$/, 'not an order token')
    .exactOptional()
    .meta({ description: 'The token that POST /guest-orders answered' }),
});

export const GuestPaymentParams = z.strictObject({ id: idField, paymentId: idField });
export const GuestReturnParams = z.strictObject({ id: idField, returnId: idField });

export const PlaceGuestOrderBody = z.strictObject({
  ...PlaceOrderBody.omit({ addressId: true }).shape,
  email: z.email().max(254).meta({ description: "Where the order's mails go, and what claims it later" }),
  address: AddressBody.omit({ isDefault: true, label: true }),
});

export const GuestOrderView = z
  .object({
    token: z
      .string()
      .meta({ description: 'Opens the order, as X-Order-Token: keep it, nobody can look it up' }),
    order: OrderView,
  })
  .meta({ id: 'GuestOrder' });

export const ClaimBody = z.strictObject({
  number: z
    .string()
    .regex(/^[A-Z0-9-]{3,20}$/, 'not an order number')
    .meta({ description: "The order's number", example: 'CB-7KQX-M2WD' }),
});
export const ClaimSentView = z.object({ sent: z.literal(true) }).meta({ id: 'OrderClaimSent' });
export const RedeemBody = z.strictObject({
  token: z.string().regex(/^[\w-]{43}$/, 'not a claim token'),
});
