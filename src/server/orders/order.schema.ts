import { z } from 'zod';
import { IDENTITY_STATUSES } from '../../domain/identity/importer-identity.ts';
import { INCOTERMS } from '../../domain/orders/order.ts';
import { ORDER_STATUSES } from '../../domain/orders/order-machine.ts';
import { PAYMENT_STATES_OF_ORDER } from '../../domain/payments/order-payment-status.ts';
import { FULFILMENT_STATUSES, SHIPMENT_STATUSES } from '../../domain/shipments/shipment.ts';
import {
  couponField,
  currencyField,
  idField,
  MoneyView,
  pageParams,
  pageView,
  plainText,
  textField,
} from '../fields.ts';
import { LandedCostView, LineQuoteView } from '../landed-cost/landed-cost.schema.ts';
import { PartyView } from '../party.ts';
import { PaymentView, RefundView } from '../payments/payment.schema.ts';
import { AppliedRateView } from '../pricing/exchange-rate.schema.ts';
import { ReturnView } from '../returns/return.schema.ts';

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
      description:
        'The total that the buyer agrees to: 409 price_changed, with both, when it is another one now. Without it only unit prices are held: 409 when one is not that which was seen in the cart; shipping, automatic promotions, duty and tax are those of the moment',
    }),
  acceptPriceChange: z
    .boolean()
    .default(false)
    .meta({ description: 'Order at the prices of this moment, whatever was seen before' }),
  shippingMethodId: idField.exactOptional().meta({
    description: 'One of GET /cart/shipping-options: needed as soon as the shop has any shipping method',
  }),
  couponCode: couponField.exactOptional().meta({ description: "In place of the cart's coupon" }),
  incoterm: z.enum(INCOTERMS).default('DAP').meta({
    description:
      'DAP: duty and tax are paid on delivery. DDP: they are part of the total; 409 landed_cost_incomplete unless all of them are known',
  }),
});

/** What placing an order may answer. */
export const PLACEMENT_ERRORS = [
  'cart_empty',
  'cart_changed',
  'variant_unavailable',
  'price_unavailable',
  'price_changed',
  'insufficient_stock',
  'shipping_method_required',
  'shipping_unavailable',
  'coupon_not_applicable',
  'landed_cost_incomplete',
  'not_found',
  'idempotency_key_reused',
] as const;

const wantedLines = z
  .array(
    z.strictObject({
      lineId: idField,
      quantity: z
        .int()
        .min(1)
        .max(1_000_000)
        .exactOptional()
        .meta({ description: 'All that are left of the line when absent' }),
    }),
  )
  .min(1)
  .max(100);

/** As the domain asks for it. */
export const wantedLine = ({ lineId, quantity }: z.output<typeof wantedLines>[number]) => ({
  lineId,
  quantity,
});

export const CancelBody = z
  .strictObject({
    reason: textField(500).exactOptional(),
    lines: wantedLines
      .exactOptional()
      .meta({ description: 'Units of a paid order that did not leave yet; the whole order when absent' }),
  })
  .optional();

export const ShipBody = z.strictObject({
  carrier: plainText(60),
  trackingNumber: plainText(100),
  trackingUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .exactOptional(),
  lines: wantedLines
    .exactOptional()
    .meta({ description: 'The units that leave together; all that did not leave yet when absent' }),
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
    total: MoneyView.meta({ description: 'before the discount' }),
    discount: MoneyView,
    tax: MoneyView.meta({ description: 'charged with the order: nothing unless it is DDP' }),
    duty: MoneyView.meta({ description: 'the same, with fees' }),
    import: LineQuoteView.nullable().meta({ description: 'null without rules for the destination' }),
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
    actor: PartyView,
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

const CancellationView = z
  .object({
    id: z.string(),
    actor: PartyView,
    amount: MoneyView.meta({ description: 'owed for these units' }),
    reason: z.string().nullable(),
    at: z.iso.datetime(),
    lines: z.array(z.object({ lineId: z.string(), quantity: z.int(), amount: MoneyView })),
  })
  .meta({ id: 'OrderCancellation', description: 'units cancelled before they left' });

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
    importerIdentity: z
      .object({ id: z.string(), status: z.enum([...IDENTITY_STATUSES, 'deleted']) })
      .nullable()
      .meta({
        description:
          'what it was placed with, where customs want to know the importer, and its status now; the number is never shown',
      }),
    email: z.string().nullable(),
    note: z.string().nullable(),
    shippingMethod: z
      .object({ methodId: z.string(), code: z.string(), name: z.string(), price: MoneyView })
      .nullable()
      .meta({ description: 'as it was when the order was placed; what was charged is totals.shipping' }),
    promotions: z.array(
      z.object({
        promotionId: z.string(),
        code: z.string().nullable(),
        name: z.string(),
        saving: MoneyView,
      }),
    ),
    incoterm: z.enum(INCOTERMS),
    landedCost: LandedCostView.nullable().meta({
      description: 'as it was when the order was placed; null in orders of before there were quotes',
    }),
    exchangeRate: AppliedRateView.nullable().meta({
      description: "to the currency of the shop's books, when the order was placed",
    }),
    exchangeRateMissing: z
      .string()
      .nullable()
      .meta({ description: 'why there is no exchange rate; null when there is one' }),
    locale: z.string(),
    version: z.int(),
    lines: z.array(LineView),
    history: z.array(HistoryView),
    payments: z.array(PaymentView),
    refunds: z.array(RefundView),
    shipments: z.array(ShipmentView),
    cancellations: z.array(CancellationView),
    returns: z.array(ReturnView),
  })
  .meta({ id: 'Order' });
