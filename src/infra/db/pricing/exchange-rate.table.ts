import { EntitySchema } from 'typeorm';
import { datetime, primaryId, text } from '../columns.ts';

interface ExchangeRateRow {
  id: string;
  base: string;
  quote: string;
  rate: string;
  validFrom: Date;
  source: string;
  createdAt: Date;
}

export const exchangeRateTable = new EntitySchema<ExchangeRateRow>({
  name: 'ExchangeRate',
  tableName: 'exchange_rates',
  columns: {
    id: primaryId(),
    base: text(3),
    quote: text(3),
    rate: text(30),
    validFrom: datetime(),
    source: text(200),
    createdAt: datetime(),
  },
  indices: [{ name: 'uq_exchange_rates_pair', columns: ['base', 'quote', 'validFrom'], unique: true }],
});
