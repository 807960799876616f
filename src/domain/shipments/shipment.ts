import { DomainError } from '../shared/errors.ts';

export const SHIPMENT_STATUSES = ['shipped', 'delivered'] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

/** What left the warehouse together. Whole order lines for now; the table holds a quantity per line. */
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
] as const;
export type FulfilmentStatus = (typeof FULFILMENT_STATUSES)[number];

/** Units of one order. */
export interface FulfilmentUnits {
  readonly ordered: number;
  readonly shipped: number;
  readonly delivered: number;
}

/** Derived from the shipments, never stored. */
export function fulfilmentOf({ ordered, shipped, delivered }: FulfilmentUnits): FulfilmentStatus {
  if (shipped === 0) return 'unfulfilled';
  if (delivered >= ordered) return 'delivered';
  if (delivered > 0) return 'partially_delivered';
  return shipped >= ordered ? 'shipped' : 'partially_shipped';
}

export function fulfilmentStatus(
  lines: readonly { readonly quantity: number }[],
  shipments: readonly Pick<Shipment, 'status' | 'lines'>[],
): FulfilmentStatus {
  const units = (of: readonly { readonly quantity: number }[]): number =>
    of.reduce((n, line) => n + line.quantity, 0);
  return fulfilmentOf({
    ordered: units(lines),
    shipped: units(shipments.flatMap((s) => s.lines)),
    delivered: units(shipments.filter((s) => s.status === 'delivered').flatMap((s) => s.lines)),
  });
}

/** The lines a new shipment takes: those asked for, or all that did not leave yet. */
export function linesToShip(
  orderLines: readonly { readonly id: string; readonly quantity: number }[],
  before: readonly Pick<Shipment, 'lines'>[],
  wanted: readonly string[] | undefined,
): ShipmentLine[] {
  const gone = new Set(before.flatMap((shipment) => shipment.lines.map((line) => line.orderLineId)));
  const unknown = wanted?.filter((id) => !orderLines.some((line) => line.id === id)) ?? [];
  if (unknown.length > 0)
    throw new DomainError('not_found', 'the order has no such line', { facts: { lineIds: unknown } });
  const chosen = orderLines.filter((line) => wanted === undefined || wanted.includes(line.id));
  const lines = wanted === undefined ? chosen.filter((line) => !gone.has(line.id)) : chosen;
  if (lines.length === 0 || lines.some((line) => gone.has(line.id))) {
    throw new DomainError('transition_not_allowed', 'this was shipped before', {
      facts: { lineIds: lines.filter((line) => gone.has(line.id)).map((line) => line.id) },
    });
  }
  return lines.map((line) => ({ orderLineId: line.id, quantity: line.quantity }));
}

/** @throws DomainError transition_not_allowed when it was delivered before */
export function deliver(shipment: Shipment, at: Date): Shipment {
  if (shipment.status === 'delivered') {
    throw new DomainError('transition_not_allowed', 'this shipment was delivered before');
  }
  return { ...shipment, status: 'delivered', deliveredAt: at };
}
