import { z } from 'zod';
import { REASONS } from '../../domain/landed-cost/consignment.ts';
import type { FrozenLandedCost } from '../../domain/landed-cost/landed-cost.store.ts';
import { QUOTE_STATUSES } from '../../domain/landed-cost/quote.ts';
import type { FrozenExchangeRate, LineQuote } from '../../domain/orders/order.ts';
import { type Money, moneyJson } from '../../domain/shared/money.ts';
import type { LandedCostQuote } from '../../domain/use-cases/quote-landed-cost.ts';
import { countryField, idField, MoneyView } from '../fields.ts';
import { AppliedRateView, presentAppliedRate } from '../pricing/exchange-rate.schema.ts';

export const LandedCostParams = z
  .strictObject({
    country: countryField.exactOptional(),
    addressId: idField.exactOptional(),
    shippingMethodId: idField
      .exactOptional()
      .meta({ description: 'The first that takes the cart when absent' }),
  })
  .refine(({ country, addressId }) => (country === undefined) !== (addressId === undefined), {
    path: ['country'],
    error: 'give country or addressId: one of them',
  });

const optionalMoney = MoneyView.nullable().meta({ description: 'null: not known' });

export const LineQuoteView = z
  .object({ customsValue: MoneyView, duty: optionalMoney, tax: optionalMoney, fees: optionalMoney })
  .meta({ id: 'LineImport', description: 'what the import of a line costs' });

const cost = {
  status: z.enum(QUOTE_STATUSES).meta({
    description:
      'incomplete: see reasons, an amount may be missing or another one; unsupported: there are no rules for the country',
  }),
  country: z.string(),
  reasons: z.array(z.object({ code: z.enum(REASONS), message: z.string() })),
  confidence: z
    .enum(['confirmed', 'reported'])
    .nullable()
    .meta({ description: 'of the weakest rule that was used; null when none was' }),
  duty: optionalMoney,
  tax: optionalMoney,
  fees: optionalMoney,
  rules: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      source: z.string(),
      confidence: z.enum(['confirmed', 'reported']),
      validFrom: z.iso.date(),
      validTo: z.iso.date().nullable(),
      collected: z
        .enum(['sale', 'import'])
        .nullable()
        .meta({ description: 'of a tax: by the seller when he sells, or at the border' }),
    }),
  ),
  exchangeRates: z.array(AppliedRateView),
  computedAt: z.iso.datetime(),
};

export const LandedCostView = z
  .object(cost)
  .meta({ id: 'LandedCost', description: 'what the import costs, by the rules of the day' });

export const LandedCostQuoteView = z
  .object({
    ...cost,
    shippingMethodId: z.string().nullable(),
    shipping: MoneyView,
    lines: z.array(LineQuoteView.extend({ sku: z.string() }).meta({ id: 'LandedCostLine' })),
    total: MoneyView.meta({ description: 'of a checkout with incoterm DAP: the import is paid on delivery' }),
    ddpTotal: MoneyView.nullable().meta({
      description:
        'of a checkout with incoterm DDP: with duty, tax and fees; null unless the quote is complete',
    }),
    exchangeRate: AppliedRateView.nullable().meta({ description: "to the currency of the shop's books" }),
  })
  .meta({ id: 'LandedCostQuote' });

const optional = (amount: Money | undefined) => (amount === undefined ? null : moneyJson(amount));

export const presentLineQuote = (line: LineQuote): z.input<typeof LineQuoteView> => ({
  customsValue: moneyJson(line.customsValue),
  duty: optional(line.duty),
  tax: optional(line.tax),
  fees: optional(line.fees),
});

export const presentLandedCost = (frozen: FrozenLandedCost): z.input<typeof LandedCostView> => ({
  status: frozen.status,
  country: frozen.country,
  reasons: frozen.reasons.map((reason) => ({ ...reason })),
  confidence: frozen.confidence ?? null,
  duty: optional(frozen.duty),
  tax: optional(frozen.tax),
  fees: optional(frozen.fees),
  rules: frozen.rules.map((rule) => ({ ...rule })),
  exchangeRates: frozen.rates.map(presentAppliedRate),
  computedAt: frozen.computedAt.toISOString(),
});

export const presentExchangeRate = (rate: FrozenExchangeRate | undefined) =>
  rate === undefined || 'missing' in rate ? null : presentAppliedRate(rate);

export const presentLandedCostQuote = (quote: LandedCostQuote): z.input<typeof LandedCostQuoteView> => ({
  ...presentLandedCost(quote.cost),
  shippingMethodId: quote.shippingMethod?.methodId ?? null,
  shipping: moneyJson(quote.shipping),
  lines: quote.cost.lines.map((line, i) => ({ sku: quote.skus[i] ?? '', ...presentLineQuote(line) })),
  total: moneyJson(quote.total),
  ddpTotal: optional(quote.ddpTotal),
  exchangeRate: presentExchangeRate(quote.exchangeRate),
});
