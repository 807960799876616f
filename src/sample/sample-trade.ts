import { MARKETS } from '../domain/landed-cost/market.ts';
import { readTariffFile } from '../domain/landed-cost/tariff-file.ts';
import type { TariffRate } from '../domain/landed-cost/tariff-rate.ts';
import type { ExchangeRate } from '../domain/pricing/exchange-rate.ts';
import { sampleId } from './sample-id.ts';
import type { SampleSource } from './sample-source.ts';

/** A tariff file of data/sample, by its market. */
export type SampleTariffs = Readonly<Record<string, string>>;

/** From the day on which they are seeded: the sample claims nothing about any other. */
export const sampleExchangeRates = ({ shop }: SampleSource, at: Date): ExchangeRate[] =>
  Object.entries(shop.exchangeRates.quotes).map(([quote, rate]) => ({
    id: sampleId(`exchange-rate:${quote}`),
    base: shop.baseCurrency,
    quote,
    rate,
    validFrom: at,
    source: shop.exchangeRates.source,
    createdAt: at,
  }));

export const sampleTariffs = (files: SampleTariffs): TariffRate[] =>
  MARKETS.flatMap((market) => {
    const text = files[market];
    return text === undefined ? [] : readTariffFile(text, market, (key) => sampleId(`tariff:${key}`));
  });
