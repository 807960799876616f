import type { z } from 'zod';
import type { Cancellation } from '../../domain/orders/cancellation.ts';
import type { HistoryEntry, Order, OrderLine, OrderTotals } from '../../domain/orders/order.ts';
import { paymentStatus } from '../../domain/payments/order-payment-status.ts';
import { moneyJson } from '../../domain/shared/money.ts';
import type { Shipment } from '../../domain/shipments/shipment.ts';
import {
  fulfilmentOfOrder,
  type OrderDetail,
  type OrderSummary,
} from '../../domain/use-cases/order-detail.ts';
import {
  presentExchangeRate,
  presentLandedCost,
  presentLineQuote,
} from '../landed-cost/landed-cost.schema.ts';
import { partyOf } from '../party.ts';
import { presentPayment, presentRefund } from '../payments/payment.present.ts';
import { presentReturn } from '../returns/return.schema.ts';
import type { OrderSummaryView, OrderView, ShipmentView } from './order.schema.ts';

type View = z.input<typeof OrderView>;

export function presentOrder(detail: OrderDetail): View {
  const { order, lines, history, payments, shipments } = detail;
  const summary = presentSummary({
    order,
    units: lines.reduce((units, line) => units + line.quantity, 0),
    paymentStatus: paymentStatus(payments, order.totals.total),
    fulfilmentStatus: fulfilmentOfOrder(detail),
  });
  return {
    ...summary,
    userId: order.userId ?? null,
    currency: order.currency,
    totals: presentTotals(order.totals),
    shippingAddress: order.shippingAddress,
    importerIdentity: detail.identity ?? null,
    email: order.email ?? null,
    note: order.note ?? null,
    shippingMethod: order.shippingMethod ?? null,
    promotions: [...order.promotions],
    incoterm: order.incoterm,
    landedCost: detail.landedCost === undefined ? null : presentLandedCost(detail.landedCost),
    exchangeRate: presentExchangeRate(order.exchangeRate),
    exchangeRateMissing: rateMissing(order),
    locale: order.locale,
    version: order.version,
    lines: lines.map(presentLine),
    history: history.map((entry) => presentHistory(order, entry)),
    payments: payments.map(presentPayment),
    refunds: detail.refunds.map(presentRefund),
    shipments: shipments.map(presentShipment),
    cancellations: detail.cancellations.map((cancellation) => presentCancellation(order, cancellation)),
    returns: detail.returns.map(presentReturn),
  };
}

export const presentSummary = (summary: OrderSummary): z.input<typeof OrderSummaryView> => ({
  id: summary.order.id,
  number: summary.order.number,
  status: summary.order.status,
  paymentStatus: summary.paymentStatus,
  fulfilmentStatus: summary.fulfilmentStatus,
  total: moneyJson(summary.order.totals.total),
  units: summary.units,
  placedAt: summary.order.placedAt.toISOString(),
  updatedAt: summary.order.updatedAt.toISOString(),
  expiresAt: summary.order.expiresAt.toISOString(),
  confirmedAt: summary.order.confirmedAt?.toISOString() ?? null,
});

const rateMissing = ({ exchangeRate: rate }: Order): string | null => {
  if (rate === undefined) return 'the order is from before there were exchange rates';
  return 'missing' in rate ? rate.missing : null;
};

const presentTotals = (totals: OrderTotals): View['totals'] => ({
  items: moneyJson(totals.items),
  shipping: moneyJson(totals.shipping),
  discount: moneyJson(totals.discount),
  tax: moneyJson(totals.tax),
  duty: moneyJson(totals.duty),
  total: moneyJson(totals.total),
});

const presentLine = (line: OrderLine): View['lines'][number] => ({
  id: line.id,
  variantId: line.variantId,
  sku: line.sku,
  name: line.name,
  options: { ...line.options },
  hsCode: line.hsCode,
  originCountry: line.originCountry,
  weightGrams: line.weightGrams,
  warehouseId: line.warehouseId,
  unitPrice: moneyJson(line.unitPrice),
  quantity: line.quantity,
  total: moneyJson(line.total),
  discount: moneyJson(line.discount),
  tax: moneyJson(line.tax),
  duty: moneyJson(line.duty),
  import: line.quoted === undefined ? null : presentLineQuote(line.quoted),
});

const presentHistory = (order: Order, entry: HistoryEntry): View['history'][number] => ({
  from: entry.from ?? null,
  to: entry.to,
  actor: partyOf(entry.actor, order.userId),
  reason: entry.reason ?? null,
  at: entry.at.toISOString(),
});

const presentCancellation = (order: Order, cancellation: Cancellation): View['cancellations'][number] => ({
  id: cancellation.id,
  actor: partyOf(cancellation.actor, order.userId),
  amount: moneyJson(cancellation.amount),
  reason: cancellation.reason ?? null,
  at: cancellation.at.toISOString(),
  lines: cancellation.lines.map(({ orderLineId, quantity, amount }) => ({
    lineId: orderLineId,
    quantity,
    amount: moneyJson(amount),
  })),
});

const presentShipment = (shipment: Shipment): z.input<typeof ShipmentView> => ({
  id: shipment.id,
  status: shipment.status,
  carrier: shipment.carrier,
  trackingNumber: shipment.trackingNumber,
  trackingUrl: shipment.trackingUrl ?? null,
  shippedAt: shipment.shippedAt.toISOString(),
  deliveredAt: shipment.deliveredAt?.toISOString() ?? null,
  lines: shipment.lines.map(({ orderLineId, quantity }) => ({ lineId: orderLineId, quantity })),
});
