import { EntitySchema } from 'typeorm';
import { amount, bigInteger, datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';
import { ofOrder } from '../orders/order.tables.ts';

interface TariffRateRow {
  id: string;
  market: string;
  hsPrefix: string;
  origin: string;
  programme: string;
  adValoremPpm: number;
  currency: string | null;
  unit: string | null;
  specificMicros: bigint | null;
  minMicros: bigint | null;
  maxMicros: bigint | null;
  validFrom: Date;
  validTo: Date | null;
  source: string;
}

const tariffRateTable = new EntitySchema<TariffRateRow>({
  name: 'TariffRate',
  tableName: 'tariff_rates',
  columns: {
    id: primaryId(),
    market: text(2),
    hsPrefix: text(10),
    origin: text(2),
    programme: text(40),
    adValoremPpm: int(),
    currency: text(3, nullable),
    unit: text(10, nullable),
    specificMicros: bigInteger(nullable),
    minMicros: bigInteger(nullable),
    maxMicros: bigInteger(nullable),
    validFrom: datetime(),
    validTo: datetime(nullable),
    source: text(200),
  },
  indices: [
    {
      name: 'uq_tariff_rates_line',
      columns: ['market', 'hsPrefix', 'origin', 'programme', 'validFrom'],
      unique: true,
    },
  ],
});

interface OrderLandedCostRow {
  orderId: string;
  country: string;
  status: string;
  confidence: string | null;
  duty: bigint | null;
  tax: bigint | null;
  fees: bigint | null;
  rules: unknown;
  rates: unknown;
  reasons: unknown;
  computedAt: Date;
}

const orderLandedCostTable = new EntitySchema<OrderLandedCostRow>({
  name: 'OrderLandedCost',
  tableName: 'order_landed_costs',
  columns: {
    orderId: id({ primary: true }),
    country: text(2),
    status: text(20),
    confidence: text(20, nullable),
    duty: amount(nullable),
    tax: amount(nullable),
    fees: amount(nullable),
    rules: json(),
    rates: json(),
    reasons: json(),
    computedAt: datetime(),
  },
  foreignKeys: [ofOrder('fk_order_landed_costs_order')],
});

export const landedCostTables = [tariffRateTable, orderLandedCostTable] as const;
