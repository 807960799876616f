import { z } from 'zod';
import type { InventoryReadModel } from '../../domain/inventory/inventory.read-model.ts';
import { available, MAX_THRESHOLD, type StockLevel } from '../../domain/inventory/stock.ts';
import type { StockProjectionReadModel } from '../../domain/inventory/stock-projection.ts';
import type { ManageStock } from '../../domain/use-cases/manage-stock.ts';
import { countryField, idField, pageParams, pageView, textField } from '../fields.ts';
import { type Route, route } from '../route.ts';

const tags = ['inventory: staff'];

const levelFields = {
  id: z.string(),
  variantId: z.string(),
  warehouseId: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  available: z.int(),
  lowStockThreshold: z.int(),
  updatedAt: z.iso.datetime(),
};
const StockLevelView = z.object(levelFields).meta({ id: 'StockLevel' });
const StockPageView = pageView(z.object({ ...levelFields, sku: z.string(), warehouseCode: z.string() })).meta(
  { id: 'StockPage' },
);
const StockParams = z.strictObject({
  ...pageParams,
  variantId: idField.exactOptional(),
  warehouseId: idField.exactOptional(),
});
const AdjustmentBody = z.strictObject({
  variantId: idField,
  warehouseId: idField,
  delta: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((delta) => delta !== 0, 'an adjustment changes something')
    .meta({ description: 'Units added, or taken when negative' }),
  reason: textField(200),
});
const warehouseFields = {
  code: z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,19}$/, '2 to 20 upper-case letters, digits and hyphens'),
  name: textField(120),
  country: countryField,
};
const WarehouseView = z
  .object({ id: z.string(), code: z.string(), name: z.string(), country: z.string() })
  .meta({ id: 'Warehouse' });

const AvailabilityView = z
  .object({
    variantId: z.string(),
    sku: z.string(),
    onHand: z.int(),
    reserved: z.int(),
    available: z.int(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'StockAvailability' });

const present = (level: StockLevel): z.input<typeof StockLevelView> => ({
  id: level.id,
  variantId: level.variantId,
  warehouseId: level.warehouseId,
  onHand: level.onHand,
  reserved: level.reserved,
  lowStockThreshold: level.lowStockThreshold,
  available: available(level),
  updatedAt: level.updatedAt.toISOString(),
});

const availabilityRoute = (projection: StockProjectionReadModel): Route =>
  route({
    method: 'get',
    path: '/stock/availability',
    summary: 'Units per variant over all warehouses, as the stock events tell it',
    description: 'Seconds behind GET /stock, and read without touching the rows that checkouts lock.',
    tags,
    auth: 'staff',
    query: z.strictObject(pageParams),
    reply: { status: 200, schema: pageView(AvailabilityView) },
    errors: ['invalid_cursor'],
    handle: async ({ query }) => {
      const page = await projection.availability(query);
      return { ...page, items: page.items.map((i) => ({ ...i, updatedAt: i.updatedAt.toISOString() })) };
    },
  });

export const stockRoutes = (
  inventory: InventoryReadModel,
  projection: StockProjectionReadModel,
  stock: ManageStock,
): Route[] => [
  availabilityRoute(projection),
  route({
    method: 'get',
    path: '/stock',
    summary: 'Stock levels, by variant and by warehouse',
    tags,
    auth: 'staff',
    query: StockParams,
    reply: { status: 200, schema: StockPageView },
    handle: async ({ query: { limit, cursor, ...filter } }) => {
      const page = await inventory.levels(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return {
        ...page,
        items: page.items.map((row) => ({ ...present(row), sku: row.sku, warehouseCode: row.warehouseCode })),
      };
    },
  }),
  route({
    method: 'post',
    path: '/stock/adjustments',
    summary: 'Add or take units, never below what orders have reserved',
    tags,
    auth: 'staff',
    idempotent: true,
    body: AdjustmentBody,
    reply: { status: 201, schema: StockLevelView },
    errors: ['insufficient_stock', 'not_found'],
    handle: async ({ actor, body, once }) => present(await stock.adjust(actor, body, once(present))),
  }),
  route({
    method: 'put',
    path: '/stock/{id}/low-stock-threshold',
    summary: 'Say from how many available units on a stock level is low; 0 turns it off',
    description:
      'stock.low.v1 is sent when what is available falls to it, once until it rises above it again.',
    tags,
    auth: 'staff',
    params: z.strictObject({ id: idField }),
    body: z.strictObject({ threshold: z.int().min(0).max(MAX_THRESHOLD) }),
    reply: { status: 200, schema: StockLevelView },
    handle: async ({ actor, params, body }) =>
      present(await stock.setThreshold(actor, params.id, body.threshold)),
  }),
  route({
    method: 'get',
    path: '/warehouses',
    summary: 'All warehouses',
    tags,
    auth: 'staff',
    reply: { status: 200, schema: z.object({ items: z.array(WarehouseView) }) },
    handle: async () => ({ items: await inventory.warehouses() }),
  }),
  route({
    method: 'post',
    path: '/warehouses',
    summary: 'Add a warehouse',
    tags,
    auth: 'staff',
    idempotent: true,
    body: z.strictObject(warehouseFields),
    reply: { status: 201, schema: WarehouseView },
    errors: ['already_exists', 'unknown_country'],
    handle: async ({ actor, body, once }) =>
      stock.addWarehouse(
        actor,
        body,
        once((warehouse) => warehouse),
      ),
  }),
];
