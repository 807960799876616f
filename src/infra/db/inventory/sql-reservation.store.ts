import type {
  OpenReservation,
  ReservationStore,
  StockMove,
} from '../../../domain/inventory/reservation.store.ts';
import type { Reservation, StockPick } from '../../../domain/inventory/reservation.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { newId } from '../../../domain/shared/ids.ts';
import { insertRows } from '../insert-rows.ts';
import { forUpdate, list, type Sql } from '../sql.ts';
import { type RawInteger, type SqlParam, toInt } from '../values.ts';

interface OpenRow {
  id: string;
  order_line_id: string;
  stock_level_id: string;
  variant_id: string;
  warehouse_id: string;
  quantity: number;
}

export class SqlReservationStore implements ReservationStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async reserve(picks: readonly StockPick[], at: Date): Promise<readonly StockMove[] | undefined> {
    const moves: StockMove[] = [];
    for (const pick of picks) {
      const sequence = await this.#move(
        'reserved = reserved + ?',
        'on_hand - reserved >= ?',
        [pick.quantity],
        { stockLevelId: pick.stockLevelId, quantity: pick.quantity, at },
      );
      if (sequence === undefined) return undefined;
      moves.push({ ...pick, sequence });
    }
    return moves;
  }

  async lockLevels(stockLevelIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (stockLevelIds.length === 0) return new Map();
    const ids = [...stockLevelIds].sort();
    const rows = await this.#sql.query<{ id: string; available: RawInteger }>(
      `SELECT id, on_hand - reserved AS available FROM stock_levels WHERE id IN (${list(ids.length)}) ORDER BY id${forUpdate(this.#sql)}`,
      ids,
    );
    return new Map(rows.map((row) => [row.id, toInt(row.available)]));
  }

  async insert(reservations: readonly Reservation[]): Promise<void> {
    await insertRows(
      this.#sql,
      'reservations',
      ['id', 'order_id', 'order_line_id', 'stock_level_id', 'quantity', 'status', 'expires_at', 'created_at'],
      reservations.map((r) => [
        r.id,
        r.orderId,
        r.orderLineId,
        r.stockLevelId,
        r.quantity,
        r.status,
        r.expiresAt,
        r.createdAt,
      ]),
    );
  }

  async openOf(orderId: string, orderLineIds?: readonly string[]): Promise<readonly OpenReservation[]> {
    const lines = orderLineIds === undefined ? '' : ` AND r.order_line_id IN (${list(orderLineIds.length)})`;
    const rows = await this.#sql.query<OpenRow>(
      `SELECT r.id, r.order_line_id, r.stock_level_id, r.quantity, l.variant_id, l.warehouse_id
       FROM reservations r JOIN stock_levels l ON l.id = r.stock_level_id
       WHERE r.order_id = ? AND r.status = 'open'${lines} ORDER BY r.stock_level_id, r.id`,
      [orderId, ...(orderLineIds ?? [])],
    );
    return rows.map((row) => ({
      id: row.id,
      orderLineId: row.order_line_id,
      stockLevelId: row.stock_level_id,
      variantId: row.variant_id,
      warehouseId: row.warehouse_id,
      quantity: row.quantity,
    }));
  }

  async split(reservation: OpenReservation, quantity: number): Promise<OpenReservation> {
    const { affected } = await this.#sql.run(
      "UPDATE reservations SET quantity = quantity - ? WHERE id = ? AND status = 'open' AND quantity > ?",
      [quantity, reservation.id, quantity],
    );
    if (affected !== 1) throw closedMeanwhile();
    const part = { ...reservation, id: newId(), quantity };
    await this.#sql.run(
      `INSERT INTO reservations (id, order_id, order_line_id, stock_level_id, quantity, status, expires_at, created_at)
       SELECT ?, order_id, order_line_id, stock_level_id, ?, status, expires_at, created_at FROM reservations WHERE id = ?`,
      [part.id, quantity, reservation.id],
    );
    return part;
  }

  async close(
    reservations: readonly OpenReservation[],
    as: 'released' | 'committed',
    at: Date,
  ): Promise<readonly StockMove[]> {
    if (reservations.length === 0) return [];
    const { affected } = await this.#sql.run(
      `UPDATE reservations SET status = ?, closed_at = ? WHERE id IN (${list(reservations.length)}) AND status = 'open'`,
      [as, at, ...reservations.map((r) => r.id)],
    );
    if (affected !== reservations.length) throw closedMeanwhile();
    const moves: StockMove[] = [];
    for (const total of perLevel(reservations)) moves.push(await this.#giveUp(total, as, at));
    return moves;
  }

  async #giveUp(
    total: Omit<StockMove, 'sequence'>,
    as: 'released' | 'committed',
    at: Date,
  ): Promise<StockMove> {
    const { stockLevelId, quantity } = total;
    const sequence = await (as === 'released'
      ? this.#move('reserved = reserved - ?', 'reserved >= ?', [quantity], { stockLevelId, quantity, at })
      : this.#move('reserved = reserved - ?, on_hand = on_hand - ?', 'reserved >= ?', [quantity, quantity], {
          stockLevelId,
          quantity,
          at,
        }));
    // Reserved is the sum of the open reservations, so this is a defect, and nothing of it is committed.
    if (sequence === undefined)
      throw new Error(`stock level ${stockLevelId} has fewer reserved than its reservations say`);
    return { ...total, sequence };
  }

  /**
   * One conditional update that also numbers the event that will tell of it.
   * @returns the event's sequence number, or undefined when the condition did not hold
   */
  async #move(
    assignments: string,
    condition: string,
    values: readonly SqlParam[],
    { stockLevelId, quantity, at }: { stockLevelId: string; quantity: number; at: Date },
  ): Promise<number | undefined> {
    const params = [...values, at, stockLevelId, quantity];
    const where = `updated_at = ? WHERE id = ? AND ${condition}`;
    if (this.#sql.kind === 'sqlite') {
      const [row] = await this.#sql.query<{ event_sequence: number }>(
        `UPDATE stock_levels SET ${assignments}, event_sequence = event_sequence + 1, ${where} RETURNING event_sequence`,
        params,
      );
      return row?.event_sequence;
    }
    const { affected, insertId } = await this.#sql.run(
      `UPDATE stock_levels SET ${assignments}, event_sequence = LAST_INSERT_ID(event_sequence + 1), ${where}`,
      params,
    );
    return affected === 1 ? insertId : undefined;
  }
}

const closedMeanwhile = (): DomainError =>
  new DomainError('version_conflict', 'the reservation was closed meanwhile', { retryAfter: 1 });

/** In stock-level id order, which is the order of locking everywhere. */
function perLevel(reservations: readonly OpenReservation[]): Omit<StockMove, 'sequence'>[] {
  const totals = new Map<string, Omit<StockMove, 'sequence'>>();
  for (const { stockLevelId, variantId, warehouseId, quantity } of reservations) {
    const before = totals.get(stockLevelId)?.quantity ?? 0;
    totals.set(stockLevelId, { stockLevelId, variantId, warehouseId, quantity: before + quantity });
  }
  return [...totals.values()].sort((a, b) => (a.stockLevelId < b.stockLevelId ? -1 : 1));
}
