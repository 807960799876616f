import { z } from 'zod';
import { ORDER_STATUSES } from '../../domain/orders/order-machine.ts';
import { PAYMENT_STATES_OF_ORDER } from '../../domain/payments/payment.ts';
import { FULFILMENT_STATUSES, SHIPMENT_STATUSES } from '../../domain/shipments/shipment.ts';
import { currencyField, idField, MoneyView, pageParams, pageView, plainText, textField } from '../fields.ts';
import { PaymentView } from '../payments/payment.schema.ts';

export const OrderParams = z.strictObject({ id: idField });
export const OrderListParams = z.strictObject({
  ...pageParams,
  status: z.enum(ORDER_STATUSES).exactOptional(),
});

export const PlaceOrderBody = z.strictObject({
  addressId: idField,
  email: z
    .email()
    .max(254)
    .exactOptional()
    .meta({ description: "Where the order's mails go; the account's address when absent" }),
  note: textField(500).exactOptional(),
  expectedTotal: z
    .strictObject({
      amount: z.string().regex(/^\d{1,18}$/, 'whole minor units, such as 1999'),
      currency: currencyField,
    })
    .exactOptional()
    .meta({
      description: 'The total that the buyer saw: 409 price_changed, with both, when it is another one now',
    }),
});

export const CancelBody = z.strictObject({ reason: textField(500).exactOptional() }).optional();

export const ShipBody = z.strictObject({
  carrier: plainText(60),
  trackingNumber: plainText(100),
  trackingUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .exactOptional(),
  lineIds: z
    .array(idField)
    .min(1)
    .max(100)
    .exactOptional()
    .meta({ description: 'The lines that leave together; all that did not leave yet when absent' }),
});

export const DeliverBody = z
  .strictObject({ shipmentId: idField.exactOptional() })
  .optional()
  .meta({ description: 'One shipment; all that are on their way when absent' });

const LineView = z
  .object({
    id: z.string(),
    variantId: z.string(),
    sku: z.string(),
    name: z.string(),
    options: z.record(z.string(), z.string()),
    hsCode: z.string(),
    originCountry: z.string(),
    weightGrams: z.int(),
    warehouseId: z.string(),
    unitPrice: MoneyView,
    quantity: z.int(),
    total: MoneyView,
  })
  .meta({ id: 'OrderLine' });

const TotalsView = z
  .object({
    items: MoneyView,
    shipping: MoneyView,
    discount: MoneyView,
    tax: MoneyView,
    duty: MoneyView,
    total: MoneyView,
  })
  .meta({ id: 'OrderTotals', description: 'total = items + shipping - discount + tax + duty' });

const ShippingAddressView = z
  .object({
    recipient: z.string(),
    organization: z.string().nullable(),
    line1: z.string(),
    line2: z.string().nullable(),
    line3: z.string().nullable(),
    district: z.string().nullable(),
    city: z.string().nullable(),
    region: z.string().nullable(),
    postalCode: z.string().nullable(),
    country: z.string(),
    phone: z.string().nullable(),
  })
  .meta({ id: 'ShippingAddress', description: 'as it was when the order was placed' });

const HistoryView = z
  .object({
    from: z.enum(ORDER_STATUSES).nullable(),
    to: z.enum(ORDER_STATUSES),
    actor: z.enum(['customer', 'staff', 'system']),
    reason: z.string().nullable(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'OrderHistoryEntry' });

export const ShipmentView = z
  .object({
    id: z.string(),
    status: z.enum(SHIPMENT_STATUSES),
    carrier: z.string(),
    trackingNumber: z.string(),
    trackingUrl: z.string().nullable(),
    shippedAt: z.iso.datetime(),
    deliveredAt: z.iso.datetime().nullable(),
    lines: z.array(z.object({ lineId: z.string(), quantity: z.int() })),
  })
  .meta({ id: 'Shipment' });

const summary = {
  id: z.string(),
  number: z.string().meta({ example: 'CB-7KQX-M2WD' }),
  status: z.enum(ORDER_STATUSES),
  paymentStatus: z.enum(PAYMENT_STATES_OF_ORDER),
  fulfilmentStatus: z.enum(FULFILMENT_STATUSES),
  total: MoneyView,
  units: z.int(),
  placedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().meta({ description: 'when an unpaid order gives its stock back' }),
  confirmedAt: z.iso.datetime().nullable(),
};

export const OrderSummaryView = z.object(summary).meta({ id: 'OrderSummary' });
export const OrderPageView = pageView(OrderSummaryView).meta({ id: 'OrderPage' });

export const OrderView = z
  .object({
    ...summary,
    userId: z.string().nullable(),
    currency: z.string(),
    totals: TotalsView,
    shippingAddress: ShippingAddressView,
    email: z.string().nullable(),
    note: z.string().nullable(),
    locale: z.string(),
    version: z.int(),
    lines: z.array(LineView),
    history: z.array(HistoryView),
    payments: z.array(PaymentView),
    shipments: z.array(ShipmentView),
  })
  .meta({ id: 'Order' });
