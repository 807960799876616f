import { KIND_BY_COUNTRY } from '../identity/importer-identity.ts';
import { rulesFor } from '../landed-cost/assess.ts';
import { type Reason, spread, type TradeFacts } from '../landed-cost/consignment.ts';
import type { TariffReadModel } from '../landed-cost/landed-cost.store.ts';
import { marketOf, staysWithin } from '../landed-cost/market.ts';
import { type LandedCost, type Parcel, quoteParcels } from '../landed-cost/quote.ts';
import { currenciesOf, type Rule } from '../landed-cost/rule.ts';
import type { TariffRate } from '../landed-cost/tariff-rate.ts';
import type { FrozenExchangeRate } from '../orders/order.ts';
import type { ExchangeRateReadModel } from '../pricing/exchange-rate.store.ts';
import { PIVOT, rateFinder } from '../pricing/exchange-rate.ts';
import type { Country } from '../shared/country.ts';
import type { Currency } from '../shared/currency.ts';
import { frozenRate, type RateFinder } from '../shared/exchange.ts';
import { type Money, sum } from '../shared/money.ts';

/** What quotes rest on, inside a transaction or on the read connection. */
export interface LandedCostPorts {
  readonly tariffs: TariffReadModel;
  readonly exchangeRates: ExchangeRateReadModel;
}

export interface LandedCostTerms {
  readonly rules: readonly Rule[];
  /** The currency of the shop's books. */
  readonly baseCurrency: Currency;
  /** Older exchange rates are used, and keep a quote from being complete. */
  readonly maxRateAgeDays: number;
  readonly standardVat: TradeFacts['standardVat'];
}

export interface ShippedLine {
  readonly hsCode: string;
  readonly originCountry: Country;
  /** After discounts. */
  readonly value: Money;
  readonly quantity: number;
  /** Of one unit. */
  readonly weightGrams: number;
  readonly warehouseId: string;
  readonly shippedFrom: Country;
}

/** What is sent to one address, from any number of warehouses. */
export interface ShippedBasket {
  readonly to: Country;
  readonly at: Date;
  readonly currency: Currency;
  readonly freight: Money;
  readonly lines: readonly ShippedLine[];
  readonly pricesIncludeTax: boolean;
  /** Whether the importer is known to customs by an identity of his. */
  readonly identified: boolean;
}

export interface Quoted {
  readonly cost: LandedCost;
  readonly exchangeRate: FrozenExchangeRate;
}

/** Quotes what the import of a basket costs: two statements at most, and none where nothing is to be looked up. */
export class LandedCosts {
  readonly #terms: LandedCostTerms;

  constructor(terms: LandedCostTerms) {
    this.#terms = terms;
  }

  async quote(ports: LandedCostPorts, basket: ShippedBasket): Promise<Quoted> {
    const { baseCurrency, standardVat, rules } = this.#terms;
    const tariffs = await tariffsOf(ports.tariffs, basket);
    const rates = await this.#rates(ports.exchangeRates, basket, tariffs);
    const facts = { rules, tariffs, rates, standardVat };
    const base = rates(basket.currency, baseCurrency);
    return {
      cost: quoteParcels(parcelsOf(basket), basket, { facts, more: reasonsOf(basket) }),
      exchangeRate:
        base === undefined
          ? { missing: `no exchange rate from ${basket.currency} to ${baseCurrency}` }
          : frozenRate(base),
    };
  }

  async #rates(
    store: ExchangeRateReadModel,
    { lines, to, at, currency }: ShippedBasket,
    tariffs: readonly TariffRate[],
  ): Promise<RateFinder> {
    const { baseCurrency, maxRateAgeDays, rules } = this.#terms;
    const ways = [...new Set(lines.map((line) => line.shippedFrom))];
    const needed = new Set([
      currency,
      baseCurrency,
      ...ways.flatMap((from) => rulesFor(rules, { from, to, at }).flatMap(currenciesOf)),
      ...tariffs.flatMap(({ perUnit }) => perUnit?.currency ?? []),
    ]);
    const found = needed.size === 1 ? [] : await store.inForce(at, [...needed.add(PIVOT)]);
    return rateFinder(found, at, maxRateAgeDays);
  }
}

async function tariffsOf(
  store: TariffReadModel,
  { lines, to, at }: ShippedBasket,
): Promise<readonly TariffRate[]> {
  const market = marketOf(to);
  const imported = lines.filter(({ shippedFrom: from }) => !staysWithin({ from, to }));
  if (market === undefined || imported.length === 0) return [];
  const hsCodes = imported.map((line) => line.hsCode);
  return store.forGoods(market, { hsCodes, origins: imported.map((line) => line.originCountry) }, at);
}

/** What leaves a warehouse together is a consignment of its own, with its share of the freight. */
function parcelsOf({ lines, freight, to, at, currency }: ShippedBasket): Parcel[] {
  const byWarehouse = new Map<string, number[]>();
  lines.forEach(({ warehouseId }, i) => {
    byWarehouse.set(warehouseId, [...(byWarehouse.get(warehouseId) ?? []), i]);
  });
  const groups = [...byWarehouse.values()].map((positions) => ({
    positions,
    members: positions.flatMap((i) => lines[i] ?? []),
  }));
  const worth = groups.map(({ members }) =>
    sum(
      members.map((line) => line.value),
      currency,
    ),
  );
  const freights = spread(
    freight,
    worth.map(({ amount }) => amount),
  );
  return groups.map(({ positions, members }, i) => ({
    positions,
    consignment: {
      from: members[0]?.shippedFrom ?? to,
      to,
      at,
      currency,
      freight: freights[i] ?? { amount: 0n, currency },
      lines: members.map((line) => ({
        hsCode: line.hsCode,
        origin: line.originCountry,
        value: line.value,
        quantity: line.quantity,
        weightGrams: BigInt(line.weightGrams) * BigInt(line.quantity),
      })),
    },
  }));
}

function reasonsOf({ lines, to, identified, pricesIncludeTax, currency }: ShippedBasket): Reason[] {
  const reasons: Reason[] = [];
  if (pricesIncludeTax) {
    reasons.push({
      code: 'prices_include_tax',
      message: `prices in ${currency} include a tax, which customs do not value`,
    });
  }
  const imported = lines.some(({ shippedFrom: from }) => !staysWithin({ from, to }));
  if (imported && !identified && Object.hasOwn(KIND_BY_COUNTRY, to)) {
    reasons.push({
      code: 'identity_required',
      message: `customs of ${to} want to know the importer: add an identity (POST /identities), and name an address there`,
    });
  }
  return reasons;
}
