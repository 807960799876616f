import type { ExchangeRateStore } from '../../../domain/pricing/exchange-rate.store.ts';
import type { ExchangeRate } from '../../../domain/pricing/exchange-rate.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import { insertRows } from '../insert-rows.ts';
import { list, type Sql } from '../sql.ts';
import { type RawDate, toDate } from '../values.ts';

interface Row {
  id: string;
  base: string;
  quote: string;
  rate: string;
  valid_from: RawDate;
  source: string;
  created_at: RawDate;
}

const COLUMNS = ['id', 'base', 'quote', 'rate', 'valid_from', 'source', 'created_at'] as const;

const toRate = (row: Row): ExchangeRate => ({
  id: row.id,
  base: row.base,
  quote: row.quote,
  rate: row.rate,
  validFrom: toDate(row.valid_from),
  source: row.source,
  createdAt: toDate(row.created_at),
});

export class SqlExchangeRateStore implements ExchangeRateStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The newest row of each pair: the unique key finds it without reading the others. */
  async inForce(at: Date, currencies?: readonly Currency[]): Promise<ExchangeRate[]> {
    const of =
      currencies && `base IN (${list(currencies.length)}) AND quote IN (${list(currencies.length)}) AND`;
    const rows = await this.#sql.query<Row>(
      `SELECT ${COLUMNS.map((column) => `r.${column}`).join(', ')} FROM exchange_rates r
       JOIN (SELECT base, quote, MAX(valid_from) AS valid_from FROM exchange_rates
         WHERE ${of ?? ''} valid_from <= ? GROUP BY base, quote) newest
         ON newest.base = r.base AND newest.quote = r.quote AND newest.valid_from = r.valid_from
       ORDER BY r.base, r.quote`,
      [...(currencies ?? []), ...(currencies ?? []), at],
    );
    return rows.map(toRate);
  }

  async put(rate: ExchangeRate): Promise<ExchangeRate> {
    const { base, quote, validFrom } = rate;
    const { affected } = await this.#sql.run(
      'UPDATE exchange_rates SET rate = ?, source = ?, created_at = ? WHERE base = ? AND quote = ? AND valid_from = ?',
      [rate.rate, rate.source, rate.createdAt, base, quote, validFrom],
    );
    if (affected === 0) {
      await insertRows(this.#sql, 'exchange_rates', COLUMNS, [
        [rate.id, base, quote, rate.rate, validFrom, rate.source, rate.createdAt],
      ]);
      return rate;
    }
    const [row] = await this.#sql.query<Row>(
      `SELECT ${COLUMNS.join(', ')} FROM exchange_rates WHERE base = ? AND quote = ? AND valid_from = ?`,
      [base, quote, validFrom],
    );
    return row === undefined ? rate : toRate(row);
  }
}
