import { RULES } from '../domain/landed-cost/rules/rule-book.ts';
import { LandedCosts } from '../domain/use-cases/landed-costs.ts';
import { ManageExchangeRates } from '../domain/use-cases/manage-exchange-rates.ts';
import { SqlExchangeRateStore } from '../infra/db/pricing/sql-exchange-rate.store.ts';
import { EuVatRates } from '../infra/reference/eu-vat-rates.ts';
import { exchangeRateRoutes } from '../server/pricing/exchange-rate.routes.ts';
import type { Route } from '../server/route.ts';
import type { Core } from './core.ts';

/** What quotes rest on, for carts and checkouts alike. */
export function wireLandedCosts({ config }: Pick<Core, 'config'>): LandedCosts {
  const vat = new EuVatRates();
  return new LandedCosts({
    rules: RULES,
    baseCurrency: config.pricing.baseCurrency,
    maxRateAgeDays: config.pricing.maxRateAgeDays,
    standardVat: (country) => vat.standard(country),
  });
}

export const pricingRoutes = ({ config, db, clock, connections }: Core): Route[] =>
  exchangeRateRoutes({
    rates: new SqlExchangeRateStore(connections.read),
    manage: new ManageExchangeRates({ db, clock }),
    clock,
    maxAgeDays: config.pricing.maxRateAgeDays,
  });
