import type { Reservation, StockPick } from './reservation.ts';

/** A stock level after it moved: where it stands, and the sequence number of the event that tells it. */
export interface StockMove {
  readonly stockLevelId: string;
  readonly variantId: string;
  readonly warehouseId: string;
  readonly quantity: number;
  /** Assigned under the level's row lock, by the same statement that moved it. */
  readonly sequence: number;
  /** When this move let the level fall to its threshold: what is free now. Its event has the next sequence number. */
  readonly low?: LowStock;
}

export interface LowStock {
  readonly available: number;
  readonly threshold: number;
}

/** An order line whose promised units are to be closed. */
export interface OpenReservation {
  readonly id: string;
  readonly orderLineId: string;
  readonly stockLevelId: string;
  readonly variantId: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface ReservationStore {
  /**
   * Takes the units of each pick, one conditional update each, in the order given (stock-level id order).
   * @returns undefined when one level no longer has enough: the transaction must be rolled back
   */
  reserve(picks: readonly StockPick[], at: Date): Promise<readonly StockMove[] | undefined>;
  /**
   * Locks the levels until the commit, in id order.
   * @returns what each has free: no more a hint, but the truth until the commit
   */
  lockLevels(stockLevelIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  insert(reservations: readonly Reservation[]): Promise<void>;
  /** The order's open reservations; only those of `orderLineIds` when given. In stock-level id order. */
  openOf(orderId: string, orderLineIds?: readonly string[]): Promise<readonly OpenReservation[]>;
  /** By order line, the stock level that the order took its units from, whatever became of them since. */
  levelsOf(orderId: string): Promise<ReadonlyMap<string, string>>;
  /**
   * Splits units off an open reservation: both parts stay open, and sum to what it was.
   * @throws DomainError version_conflict when it was closed by someone else meanwhile
   */
  split(reservation: OpenReservation, quantity: number): Promise<OpenReservation>;
  /**
   * Gives back (`released`) or takes out of the warehouse (`committed`) what was promised, once.
   * @returns one move per stock level
   * @throws DomainError version_conflict when a reservation was closed by someone else meanwhile
   */
  close(
    reservations: readonly OpenReservation[],
    as: 'released' | 'committed',
    at: Date,
  ): Promise<readonly StockMove[]>;
}
