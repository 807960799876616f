import { ManageCategories } from '../domain/use-cases/manage-categories.ts';
import { ManageProducts } from '../domain/use-cases/manage-products.ts';
import { ManageStock } from '../domain/use-cases/manage-stock.ts';
import { SqlCatalogReadModel } from '../infra/db/catalog/sql-catalog.read-model.ts';
import { SqlStaffCatalogReadModel } from '../infra/db/catalog/sql-staff-catalog.read-model.ts';
import { SqlInventoryReadModel } from '../infra/db/inventory/sql-inventory.read-model.ts';
import { SqlStockProjectionReadModel } from '../infra/db/inventory/sql-stock-projection.ts';
import { HsNomenclature } from '../infra/reference/hs-nomenclature.ts';
import { categoryRoutes } from '../server/catalog/category.routes.ts';
import { productRoutes } from '../server/catalog/product.routes.ts';
import { staffProductRoutes } from '../server/catalog/staff-product.routes.ts';
import { variantRoutes } from '../server/catalog/variant.routes.ts';
import { stockRoutes } from '../server/inventory/stock.routes.ts';
import type { Route } from '../server/route.ts';
import type { Core } from './core.ts';

/** Wires the catalogue and the inventory. */
export function catalogRoutes({ db, clock, connections }: Core): Route[] {
  const catalog = new SqlCatalogReadModel(connections.read);
  const staffCatalog = new SqlStaffCatalogReadModel(connections.read);
  const manageProducts = new ManageProducts({ db, clock, nomenclature: new HsNomenclature() });
  return [
    ...categoryRoutes({ catalog, staffCatalog, manageCategories: new ManageCategories({ db, clock }) }),
    ...productRoutes(catalog),
    ...staffProductRoutes(staffCatalog, manageProducts),
    ...variantRoutes(manageProducts),
    ...stockRoutes(
      new SqlInventoryReadModel(connections.read),
      new SqlStockProjectionReadModel(connections.read),
      new ManageStock({ db, clock }),
    ),
  ];
}
