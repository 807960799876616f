/** Rows that are kept for a time only. */
export type Kept =
  | 'sent events'
  | 'skipped events'
  | 'settled dead letters'
  | 'local event log'
  | 'inbox'
  | 'consumer positions'
  | 'idempotency keys'
  | 'refresh tokens'
  | 'workers'
  | 'worker commands'
  | 'schedule runs'
  | 'order claims'
  | 'guest carts'
  | 'webhook deliveries'
  | 'payment webhooks';

export interface RetentionStore {
  /** Deletes at most `limit` rows that have had no use since `before`. @returns how many */
  purge(what: Kept, before: Date, limit: number): Promise<number>;
}
