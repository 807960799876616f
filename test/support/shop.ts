import type { Product } from '../../src/domain/catalog/product.ts';
import { type Account, customer } from './accounts.ts';
import { CatalogMaker, type ProductOverrides } from './catalog.ts';
import type { TestApp } from './setup-app.ts';

export interface Buyer extends Account {
  readonly addressId: string;
}

export interface OrderBody {
  id: string;
  number: string;
  status: string;
  paymentStatus: string;
  fulfilmentStatus: string;
  total: { amount: string; currency: string };
  lines: { id: string; sku: string; name: string; quantity: number; warehouseId: string }[];
  history: { from: string | null; to: string; actor: string; reason: string | null }[];
  payments: { id: string; status: string }[];
  shipments: { id: string; status: string }[];
}

export interface StockRow {
  onHand: number;
  reserved: number;
}

/** What a purchase needs, made over HTTP and through the use cases. */
export class Shop {
  readonly catalog: CatalogMaker;
  readonly #t: TestApp;

  constructor(t: TestApp) {
    this.#t = t;
    this.catalog = new CatalogMaker(t);
  }

  async buyer(): Promise<Buyer> {
    const account = await customer(this.#t);
    const address = {
      recipient: 'Ana Lima',
      line1: 'Unter den Linden 1',
      city: 'Berlin',
      postalCode: '10117',
      country: 'DE',
      phone: '+493012345678',
    };
    const reply = await account.api.post('/addresses').send(address).expect(201);
    return { ...account, addressId: (reply.body as { id: string }).id };
  }

  product(overrides: ProductOverrides = {}): Promise<Product> {
    return this.catalog.product({ stock: 100, ...overrides });
  }

  async fill(buyer: Account, ...items: readonly (readonly [Product, number])[]): Promise<void> {
    for (const [product, quantity] of items) {
      await buyer.api
        .post('/cart/items')
        .send({ variantId: variantId(product), quantity })
        .expect(200);
    }
  }

  /** A placed order of `quantity` units of the product. @param fields more of the request's body */
  async order(buyer: Buyer, product: Product, quantity = 1, fields: object = {}): Promise<OrderBody> {
    await this.fill(buyer, [product, quantity]);
    const body = { addressId: buyer.addressId, ...fields };
    const reply = await buyer.api.post('/orders').send(body).expect(201);
    return reply.body as OrderBody;
  }

  async paidOrder(buyer: Buyer, product: Product, quantity = 1): Promise<OrderBody> {
    const order = await this.order(buyer, product, quantity);
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
    return order;
  }

  async detail(buyer: Account, id: string): Promise<OrderBody> {
    return (await buyer.api.get(`/orders/${id}`).expect(200)).body as OrderBody;
  }

  /** Over all warehouses. */
  async stock(product: Product): Promise<StockRow> {
    const [row] = await this.#t.app.connections.read.query<{ on_hand: unknown; reserved: unknown }>(
      'SELECT SUM(on_hand) AS on_hand, SUM(reserved) AS reserved FROM stock_levels WHERE variant_id = ?',
      [variantId(product)],
    );
    return { onHand: Number(row?.on_hand), reserved: Number(row?.reserved) };
  }

  /** The types of the order's events, in their sequence; throws when there is a gap. */
  async events(aggregateId: string): Promise<string[]> {
    const rows = await this.#t.app.connections.read.query<{ type: string; sequence: number }>(
      'SELECT type, sequence FROM outbox WHERE aggregate_id = ? ORDER BY sequence',
      [aggregateId],
    );
    rows.forEach((row, i) => {
      if (row.sequence !== i + 1)
        throw new Error(`event ${i + 1} of ${aggregateId} has sequence ${row.sequence}`);
    });
    return rows.map((row) => row.type);
  }

  async count(table: string): Promise<number> {
    const [row] = await this.#t.app.connections.read.query<{ n: unknown }>(
      `SELECT COUNT(*) AS n FROM ${table}`,
    );
    return Number(row?.n);
  }
}

export const variantId = (product: Product, index = 0): string => {
  const variant = product.variants[index];
  if (variant === undefined) throw new Error('the product has no such variant');
  return variant.id;
};
