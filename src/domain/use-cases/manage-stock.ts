import { StockThresholdSet } from '../inventory/stock.events.ts';
import type { StockLevel, Warehouse } from '../inventory/stock.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { isCountry } from '../shared/country.ts';
import { invalidField, notFound } from '../shared/errors.ts';
import { eventOf } from '../shared/event.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import { adjustStock } from './stock-moves.ts';
import type { Database } from './tx.ts';

export interface AdjustmentInput {
  readonly variantId: string;
  readonly warehouseId: string;
  readonly delta: number;
  readonly reason: string;
}

/** What staff do to stock. */
export class ManageStock {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(ports: { readonly db: Database; readonly clock: Clock }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  /** @throws DomainError insufficient_stock when less would be left than orders have reserved; not_found */
  adjust(actor: Actor, input: AdjustmentInput, once?: Once<StockLevel>): Promise<StockLevel> {
    if (input.delta === 0) throw invalidField('delta', 'an adjustment changes something');
    const at = this.#clock.now();
    return this.#db.transaction(async (tx) => {
      const { level, events } = await adjustStock(tx, {
        id: newId(),
        ...input,
        actor: actorLabel(actor),
        at,
      });
      await tx.outbox.append(events);
      return level;
    }, once);
  }

  /** From how many available units on a level counts as low; 0 turns it off. @throws DomainError not_found */
  setThreshold(actor: Actor, stockLevelId: string, threshold: number): Promise<StockLevel> {
    const at = this.#clock.now();
    return this.#db.transaction(async (tx) => {
      const level = await tx.inventory.setThreshold(stockLevelId, threshold, at);
      if (level === undefined) throw notFound('stock level');
      const { variantId, warehouseId, eventSequence: sequence } = level;
      await tx.outbox.append([
        eventOf(
          StockThresholdSet,
          { aggregateId: level.id, sequence, occurredAt: at },
          { stockLevelId, variantId, warehouseId, threshold, actor: actorLabel(actor) },
        ),
      ]);
      return level;
    });
  }

  addWarehouse(actor: Actor, input: Omit<Warehouse, 'id'>, once?: Once<Warehouse>): Promise<Warehouse> {
    if (!isCountry(input.country)) {
      throw invalidField('country', 'not an assigned ISO 3166-1 alpha-2 code', 'unknown_country');
    }
    const warehouse = { id: newId(), ...input };
    return this.#db.transaction(async (tx) => {
      await tx.inventory.insertWarehouse(warehouse);
      await tx.audit.append({
        at: this.#clock.now(),
        actor: actorLabel(actor),
        action: 'warehouse.create',
        subject: `warehouse:${warehouse.id}`,
      });
      return warehouse;
    }, once);
  }
}
