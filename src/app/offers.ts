import type { LandedCosts } from '../domain/use-cases/landed-costs.ts';
import { ManageCart } from '../domain/use-cases/manage-cart.ts';
import { ManagePromotions } from '../domain/use-cases/manage-promotions.ts';
import { ManageShipping } from '../domain/use-cases/manage-shipping.ts';
import { ReadCart } from '../domain/use-cases/priced-cart.ts';
import { QuoteLandedCost } from '../domain/use-cases/quote-landed-cost.ts';
import { QuoteShipping } from '../domain/use-cases/quote-shipping.ts';
import { SqlAddressesReadModel } from '../infra/db/addresses/sql-addresses.read-model.ts';
import { SqlCartReadModel } from '../infra/db/carts/sql-cart.read-model.ts';
import { SqlTariffStore } from '../infra/db/landed-cost/sql-tariff.store.ts';
import { SqlCheckoutStore } from '../infra/db/orders/sql-checkout.store.ts';
import { SqlExchangeRateStore } from '../infra/db/pricing/sql-exchange-rate.store.ts';
import { SqlPromotionReadModel } from '../infra/db/promotions/sql-promotion.read-model.ts';
import { SqlShippingReadModel } from '../infra/db/shipping/sql-shipping.read-model.ts';
import { cartRoutes } from '../server/carts/cart.routes.ts';
import { promotionRoutes } from '../server/promotions/promotion.routes.ts';
import type { Route } from '../server/route.ts';
import { shippingRoutes } from '../server/shipping/shipping.routes.ts';
import type { Core } from './core.ts';

/** Wires carts, and what makes their price beside the catalogue: shipping methods and promotions. */
export function offerRoutes({ db, clock, connections }: Core, landedCosts: LandedCosts): Route[] {
  const carts = new SqlCartReadModel(connections.read);
  const promotions = new SqlPromotionReadModel(connections.read);
  const shipping = new SqlShippingReadModel(connections.read);
  const addresses = new SqlAddressesReadModel(connections.read);
  return [
    ...cartRoutes({
      manageCart: new ManageCart({ db, clock }),
      readCart: new ReadCart({ carts, promotions, clock }),
      quoteShipping: new QuoteShipping({ carts, promotions, shipping, addresses, clock }),
      quoteLandedCost: new QuoteLandedCost({
        ...{ promotions, shipping, addresses, landedCosts, clock },
        checkout: new SqlCheckoutStore(connections.read),
        tariffs: new SqlTariffStore(connections.read),
        exchangeRates: new SqlExchangeRateStore(connections.read),
      }),
    }),
    ...shippingRoutes(shipping, new ManageShipping({ db, clock })),
    ...promotionRoutes(promotions, new ManagePromotions({ db, clock })),
  ];
}
