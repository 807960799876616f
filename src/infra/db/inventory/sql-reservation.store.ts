import type {
  LowStock,
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
import { FALLS_LOW } from './stock-level-row.ts';

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
      const { stockLevelId, quantity } = pick;
      const moved = await this.#move('reserved = reserved + ?', 'on_hand - reserved >= ?', [quantity], {
        stockLevelId,
        quantity,
        takes: quantity,
        at,
      });
      if (moved === undefined) return undefined;
      const low = moved.fellLow ? { low: await this.#lowness(stockLevelId) } : {};
      moves.push({ ...pick, sequence: moved.sequence, ...low });
    }
    return moves;
  }

  /** Under the lock of the update before it. */
  async #lowness(stockLevelId: string): Promise<LowStock> {
    const [row] = await this.#sql.query<{ available: RawInteger; threshold: RawInteger }>(
      'SELECT on_hand - reserved AS available, low_stock_threshold AS threshold FROM stock_levels WHERE id = ?',
      [stockLevelId],
    );
    if (row === undefined) throw new Error(`stock level ${stockLevelId} vanished inside its transaction`);
    return { available: toInt(row.available), threshold: toInt(row.threshold) };
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

  async levelsOf(orderId: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#sql.query<Pick<OpenRow, 'order_line_id' | 'stock_level_id'>>(
      'SELECT DISTINCT order_line_id, stock_level_id FROM reservations WHERE order_id = ?',
      [orderId],
    );
    return new Map(rows.map((row) => [row.order_line_id, row.stock_level_id]));
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
    // Neither lets what is available fall: it rises, or stays when units leave that were reserved.
    const move = { stockLevelId, quantity, takes: 0, at };
    const moved = await (as === 'released'
      ? this.#move('reserved = reserved - ?', 'reserved >= ?', [quantity], move)
      : this.#move(
          'reserved = reserved - ?, on_hand = on_hand - ?',
          'reserved >= ?',
          [quantity, quantity],
          move,
        ));
    // Reserved is the sum of the open reservations, so this is a defect, and nothing of it is committed.
    if (moved === undefined)
      throw new Error(`stock level ${stockLevelId} has fewer reserved than its reservations say`);
    return { ...total, sequence: moved.sequence };
  }

  /**
   * One conditional update that also numbers the events that will tell of it: its own, and the next where what is
   * available fell to the threshold.
   * @param takes units by which what is available shrinks
   * @returns its event's sequence number, or undefined when the condition did not hold
   */
  async #move(
    assignments: string,
    condition: string,
    values: readonly SqlParam[],
    {
      stockLevelId,
      quantity,
      takes,
      at,
    }: { stockLevelId: string; quantity: number; takes: number; at: Date },
  ): Promise<{ sequence: number; fellLow: boolean } | undefined> {
    const where = `updated_at = ? WHERE id = ? AND ${condition}`;
    const params = [...values, at, stockLevelId, quantity];
    if (this.#sql.kind === 'sqlite') {
      const [row] = await this.#sql.query<{ event_sequence: number; low: number }>(
        `UPDATE stock_levels SET event_sequence = event_sequence + 1 + ${FALLS_LOW}, ${assignments}, ${where}
         RETURNING event_sequence, (${FELL_LOW}) AS low`,
        [takes, ...params, takes],
      );
      return row && { sequence: row.event_sequence - row.low, fellLow: row.low === 1 };
    }
    // The one number that MySQL returns of an UPDATE carries both: the sequence, and in its lowest bit whether it fell.
    const { affected, insertId } = await this.#sql.run(
      `UPDATE stock_levels SET event_sequence = event_sequence + 1 + ${FALLS_LOW}
         + 0 * LAST_INSERT_ID((event_sequence + 1) * 2 + ${FALLS_LOW}), ${assignments}, ${where}`,
      [takes, takes, ...params],
    );
    if (affected !== 1) return undefined;
    return { sequence: Math.floor(insertId / 2), fellLow: insertId % 2 === 1 };
  }
}

/** The same as FALLS_LOW, read after the units were taken. */
const FELL_LOW = `CASE WHEN low_stock_threshold > 0 AND on_hand - reserved <= low_stock_threshold
  AND on_hand - reserved + ? > low_stock_threshold THEN 1 ELSE 0 END`;

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
