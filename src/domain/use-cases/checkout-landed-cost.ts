import type { StockPick } from '../inventory/reservation.ts';
import type { LandedCost } from '../landed-cost/quote.ts';
import { chargeLine, type Incoterm, type OrderLine } from '../orders/order.ts';
import type { Country } from '../shared/country.ts';
import { DomainError } from '../shared/errors.ts';
import { type Money, subtract } from '../shared/money.ts';
import type { ShippedLine } from './landed-costs.ts';

/** The lines as customs see them. @param picks say which warehouse each comes from */
export function shippedLines(lines: readonly OrderLine[], picks: readonly StockPick[]): ShippedLine[] {
  const countries = new Map<string, Country>(picks.map((pick) => [pick.warehouseId, pick.country]));
  return lines.map((line) => ({
    hsCode: line.hsCode,
    originCountry: line.originCountry,
    value: subtract(line.total, line.discount),
    quantity: line.quantity,
    weightGrams: line.weightGrams,
    warehouseId: line.warehouseId,
    shippedFrom: countries.get(line.warehouseId) ?? '',
  }));
}

/**
 * The lines with what their import was quoted at, and with DDP what the buyer pays of it here.
 * @throws DomainError landed_cost_incomplete for DDP where not all of it is known
 */
export function quotedLines(lines: readonly OrderLine[], cost: LandedCost, incoterm: Incoterm): OrderLine[] {
  if (incoterm === 'DDP') checkComplete(cost);
  if (cost.status === 'unsupported') return [...lines];
  return lines.map((line, i) => {
    const quoted = cost.lines[i];
    if (quoted === undefined) throw new Error('the quote has fewer lines than the order');
    return incoterm === 'DDP' ? chargeLine(line, quoted) : { ...line, quoted };
  });
}

function checkComplete({ status, country, reasons }: LandedCost): void {
  if (status === 'complete') return;
  throw new DomainError(
    'landed_cost_incomplete',
    `what an import to ${country} costs is not known for certain: order with incoterm DAP, where the buyer pays it on delivery`,
    {
      issues: [{ path: 'incoterm', message: 'DDP needs a complete quote: see reasons' }],
      facts: { status, reasons },
    },
  );
}

/** What the buyer pays the shop when the import is paid for him; undefined where that is not known for certain. */
export function deliveredDutyPaid(total: Money, { status, duty, tax, fees }: LandedCost): Money | undefined {
  if (status !== 'complete' || duty === undefined || tax === undefined || fees === undefined)
    return undefined;
  return { amount: total.amount + duty.amount + tax.amount + fees.amount, currency: total.currency };
}
