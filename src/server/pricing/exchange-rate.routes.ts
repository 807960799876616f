import { z } from 'zod';
import type { ExchangeRateReadModel } from '../../domain/pricing/exchange-rate.store.ts';
import { type ExchangeRate, isStale } from '../../domain/pricing/exchange-rate.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { ManageExchangeRates } from '../../domain/use-cases/manage-exchange-rates.ts';
import { type Route, route } from '../route.ts';
import { presentRate, RateBody, RateParams, RateView } from './exchange-rate.schema.ts';

interface Ports {
  readonly rates: ExchangeRateReadModel;
  readonly manage: ManageExchangeRates;
  readonly clock: Clock;
  readonly maxAgeDays: number;
}

const common = { tags: ['exchange rates: staff'], auth: 'staff' } as const;

/** What staff do with exchange rates. */
export const exchangeRateRoutes = ({ rates, manage, clock, maxAgeDays }: Ports): Route[] => {
  const present = (rate: ExchangeRate) => presentRate(rate, isStale(rate, clock.now(), maxAgeDays));
  return [
    route({
      ...common,
      method: 'get',
      path: '/exchange-rates',
      summary: 'The exchange rates in force, one of each pair',
      reply: { status: 200, schema: z.object({ items: z.array(RateView) }) },
      handle: async () => ({ items: (await rates.inForce(clock.now())).map(present) }),
    }),
    route({
      ...common,
      method: 'put',
      path: '/exchange-rates/{base}/{quote}',
      summary: 'Set the exchange rate of a pair from a moment on',
      description: 'Orders keep the rate that they were placed with.',
      params: RateParams,
      body: RateBody,
      reply: { status: 200, schema: RateView },
      handle: async ({ actor, params, body }) => {
        const validFrom = body.validFrom === undefined ? undefined : new Date(body.validFrom);
        return present(await manage.set(actor, { ...body, ...params, validFrom }));
      },
    }),
  ];
};
