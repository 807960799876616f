import { setTimeout as delay } from 'node:timers/promises';
import { ManageStock } from '../src/domain/use-cases/manage-stock.ts';
import { RebuildStockProjection } from '../src/domain/use-cases/rebuild-stock-projection.ts';
import type { World } from './world.ts';

const UNITS = 1_000_000;
const CLERK = { type: 'system', name: 'proof' } as const;

interface Level {
  readonly variantId: string;
  readonly warehouseId: string;
}

/** Corrects stock: each event changes the projection by a difference, so a lost or doubled effect shows for ever. */
export class StockWriter {
  written = 0;
  readonly #world: World;
  readonly #levels: readonly Level[];

  private constructor(world: World, levels: readonly Level[]) {
    this.#world = world;
    this.#levels = levels;
  }

  static async open(world: World, variants: number): Promise<StockWriter> {
    for (const variant of await world.variants(variants)) await world.stock(variant, UNITS);
    await new RebuildStockProjection(world.app.db, world.app.clock).run();
    const rows = await world.rows<{ variant_id: string; warehouse_id: string }>(
      `SELECT variant_id, warehouse_id FROM stock_levels WHERE on_hand >= ${UNITS / 2} ORDER BY id`,
    );
    const levels = rows.map((row) => ({ variantId: row.variant_id, warehouseId: row.warehouse_id }));
    return new StockWriter(world, levels);
  }

  /** One correction after the other, with a pause in milliseconds between, until `done`. */
  async write(pause: number, done: () => boolean): Promise<void> {
    const stock = new ManageStock(this.#world.app);
    while (!done()) {
      const level = this.#levels[Math.floor(Math.random() * this.#levels.length)];
      if (level === undefined) throw new Error('there is no stock level');
      const delta = Math.random() < 0.5 ? -1 : 2;
      await stock.adjust(CLERK, { ...level, delta, reason: 'proof' });
      this.written += 1;
      await delay(pause);
    }
  }
}
