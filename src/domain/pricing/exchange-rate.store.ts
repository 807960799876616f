import type { Currency } from '../shared/currency.ts';
import type { ExchangeRate } from './exchange-rate.ts';

/** One statement each, inside a transaction or on the read connection. */
export interface ExchangeRateReadModel {
  /** The quotation in force of each pair of these currencies; of every pair when there are none named. */
  inForce(at: Date, currencies?: readonly Currency[]): Promise<readonly ExchangeRate[]>;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface ExchangeRateStore extends ExchangeRateReadModel {
  /** Takes the place of one of the same pair and moment. @returns what is stored, under the id that it has */
  put(rate: ExchangeRate): Promise<ExchangeRate>;
}
