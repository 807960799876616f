import { DomainError, invalidField } from '../shared/errors.ts';

export const SHIPMENT_STATUSES = ['shipped', 'delivered'] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

/** What left the warehouse together: units of order lines, of which others may follow in another shipment. */
export interface Shipment {
  readonly id: string;
  readonly orderId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly trackingUrl: string | undefined;
  readonly status: ShipmentStatus;
  readonly shippedAt: Date;
  readonly deliveredAt: Date | undefined;
  readonly lines: readonly ShipmentLine[];
}

export interface ShipmentLine {
  readonly orderLineId: string;
  readonly quantity: number;
}

export const FULFILMENT_STATUSES = [
  'unfulfilled',
  'partially_shipped',
  'shipped',
  'partially_delivered',
  'delivered',
  'partially_returned',
  'returned',
] as const;
export type FulfilmentStatus = (typeof FULFILMENT_STATUSES)[number];

/** Units of one order. `ordered` without those that were cancelled before they left. */
export interface FulfilmentUnits {
  readonly ordered: number;
  readonly shipped: number;
  readonly delivered: number;
  readonly returned: number;
}

/** Derived from the shipments and the returns, never stored. What is still to come speaks before what came back. */
export function fulfilmentOf({ ordered, shipped, delivered, returned }: FulfilmentUnits): FulfilmentStatus {
  if (shipped === 0) return 'unfulfilled';
  if (delivered >= ordered) {
    if (returned === 0) return 'delivered';
    return returned >= ordered ? 'returned' : 'partially_returned';
  }
  if (delivered > 0) return 'partially_delivered';
  return shipped >= ordered ? 'shipped' : 'partially_shipped';
}

/** Nothing is still to arrive, whatever came back since. */
export const isDelivered = (status: FulfilmentStatus): boolean =>
  status === 'delivered' || status === 'partially_returned' || status === 'returned';

type Units = readonly { readonly quantity: number }[];

export const unitsOf = (of: Units): number => of.reduce((n, line) => n + line.quantity, 0);

/** @param cancelled what was taken out of the order before it left; `returned`: what came back */
export function fulfilmentStatus(
  lines: Units,
  shipments: readonly Pick<Shipment, 'status' | 'lines'>[],
  { cancelled, returned }: { readonly cancelled: Units; readonly returned: Units } = {
    cancelled: [],
    returned: [],
  },
): FulfilmentStatus {
  return fulfilmentOf({
    ordered: unitsOf(lines) - unitsOf(cancelled),
    shipped: unitsOf(shipments.flatMap((s) => s.lines)),
    delivered: unitsOf(shipments.filter((s) => s.status === 'delivered').flatMap((s) => s.lines)),
    returned: unitsOf(returned),
  });
}

/** Units of an order line; all that are left of it when there is no quantity. */
export interface WantedLine {
  readonly lineId: string;
  readonly quantity: number | undefined;
}

/**
 * Units of the lines asked for, or of all, that are still in the warehouse.
 * @param gone what left, or was cancelled, before
 * @throws DomainError validation_failed for a line named twice, not_found for one that the order has not,
 * transition_not_allowed for more than is left
 */
export function unitsLeft(
  orderLines: readonly { readonly id: string; readonly quantity: number }[],
  gone: readonly ShipmentLine[],
  wanted: readonly WantedLine[] | undefined,
): ShipmentLine[] {
  const left = new Map(orderLines.map((line) => [line.id, line.quantity]));
  for (const { orderLineId, quantity } of gone) {
    left.set(orderLineId, (left.get(orderLineId) ?? 0) - quantity);
  }
  if (wanted && new Set(wanted.map((line) => line.lineId)).size < wanted.length)
    throw invalidField('lines', 'a line is named twice');
  const unknown = wanted?.filter(({ lineId }) => !left.has(lineId)).map((line) => line.lineId) ?? [];
  if (unknown.length > 0)
    throw new DomainError('not_found', 'the order has no such line', { facts: { lineIds: unknown } });
  const asked =
    wanted ?? [...left].filter(([, n]) => n > 0).map(([lineId]) => ({ lineId, quantity: undefined }));
  const lines = asked.map(({ lineId, quantity }) => {
    const most = left.get(lineId) ?? 0;
    return { orderLineId: lineId, quantity: quantity ?? most, most };
  });
  const short = lines.filter(({ quantity, most }) => quantity < 1 || quantity > most);
  if (lines.length === 0 || short.length > 0) {
    throw new DomainError('transition_not_allowed', 'fewer units of this are left in the warehouse', {
      facts: { lines: short.map(({ orderLineId, most }) => ({ lineId: orderLineId, left: most })) },
    });
  }
  return lines.map(({ orderLineId, quantity }) => ({ orderLineId, quantity }));
}

/** @throws DomainError transition_not_allowed when it was delivered before */
export function deliver(shipment: Shipment, at: Date): Shipment {
  if (shipment.status === 'delivered') {
    throw new DomainError('transition_not_allowed', 'this shipment was delivered before');
  }
  return { ...shipment, status: 'delivered', deliveredAt: at };
}
