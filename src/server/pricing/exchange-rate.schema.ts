import { z } from 'zod';
import type { ExchangeRate } from '../../domain/pricing/exchange-rate.ts';
import { isCurrency } from '../../domain/shared/currency.ts';
import type { FrozenRate } from '../../domain/shared/exchange.ts';
import { plainText } from '../fields.ts';

/** In a path, so that a wrong one names nothing. */
const currencyInPath = z.string().refine(isCurrency).meta({ description: 'ISO 4217 code', example: 'EUR' });
export const RateParams = z.strictObject({ base: currencyInPath, quote: currencyInPath });

export const RateBody = z.strictObject({
  rate: z
    .string()
    .regex(/^\d{1,12}(?:\.\d{1,12})?$/, 'a decimal such as 1.0842')
    .meta({ description: 'Units of the quote currency for one of the base currency', example: '1.0842' }),
  validFrom: z.iso
    .datetime()
    .exactOptional()
    .meta({ description: 'Now when absent; a later moment waits, one that has a rate gets this one' }),
  source: plainText(200).meta({ description: 'Where it is from: it is shown in quotes', example: 'ECB' }),
});

export const RateView = z
  .object({
    base: z.string(),
    quote: z.string(),
    rate: z.string(),
    validFrom: z.iso.datetime(),
    source: z.string(),
    stale: z.boolean().meta({ description: 'older than EXCHANGE_RATE_MAX_AGE_DAYS' }),
  })
  .meta({ id: 'ExchangeRate' });

export const presentRate = (rate: ExchangeRate, stale: boolean): z.input<typeof RateView> => ({
  base: rate.base,
  quote: rate.quote,
  rate: rate.rate,
  validFrom: rate.validFrom.toISOString(),
  source: rate.source,
  stale,
});

export const AppliedRateView = z
  .object({
    from: z.string(),
    to: z.string(),
    rate: z.string().meta({ description: 'at most ten decimals; the quotations are exact' }),
    kind: z.enum(['same', 'direct', 'inverse', 'cross']),
    stale: z.boolean(),
    quotations: z.array(
      z.object({
        base: z.string(),
        quote: z.string(),
        rate: z.string(),
        validFrom: z.iso.datetime(),
        source: z.string(),
      }),
    ),
  })
  .meta({ id: 'AppliedExchangeRate' });

export const presentAppliedRate = (rate: FrozenRate): z.input<typeof AppliedRateView> => ({
  ...rate,
  quotations: rate.quotations.map((quotation) => ({ ...quotation })),
});
