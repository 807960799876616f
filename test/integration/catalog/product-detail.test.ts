import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Product } from '../../../src/domain/catalog/product.ts';
import { ProductDetailView } from '../../../src/server/catalog/product.schema.ts';
import { CatalogMaker } from '../../support/catalog.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

describe('the product detail', () => {
  let t: TestApp;
  let make: CatalogMaker;
  let kettle: Product;

  beforeAll(async () => {
    t = await setupApp({ now: '2026-01-01T00:00:00.123Z' });
    make = new CatalogMaker(t);
    const home = await make.category('home', undefined, { en: 'Home' });
    const kitchen = await make.category('kitchen', home, { en: 'Kitchen', de: 'Küche' });
    kettle = await make.product({
      slug: 'kettle',
      categoryId: kitchen.id,
      brand: 'Ferro',
      originCountry: 'IT',
      texts: {
        en: { name: 'Kettle', description: 'It whistles' },
        de: { name: 'Wasserkessel', description: 'Er pfeift' },
      },
      images: [
        { url: '/media/kettle-1.jpg', alt: 'Front' },
        { url: 'https://cdn.example/kettle-2.jpg', alt: 'Back' },
      ],
      variants: [
        {
          sku: 'KETTLE-RED',
          options: { colour: 'red' },
          prices: [
            { amount: 9_007_199_254n, currency: 'KWD' },
            { amount: 3000n, currency: 'JPY' },
            { amount: 1999n, currency: 'EUR' },
          ],
        },
        { sku: 'KETTLE-BLUE', options: { colour: 'blue', größe: 'XL' }, prices: [] },
      ],
    });
    const [red] = kettle.variants;
    await make.stock(red?.id ?? '', 3);
    await make.stock(red?.id ?? '', 4, await make.warehouse('NORTH'));
  });
  afterAll(() => t.close());

  it('shows variants with options, measures, every price, and the stock of all warehouses', async () => {
    const res = await t.api.get(`/products/${kettle.id}`).expect(200);
    expect(ProductDetailView.parse(res.body)).toEqual(res.body);
    expect(res.body).toMatchObject({
      slug: 'kettle',
      locale: 'en',
      name: 'Kettle',
      brand: 'Ferro',
      hsCode: '851830',
      originCountry: 'IT',
      category: { slug: 'kitchen', path: 'home/kitchen/', name: 'Kitchen' },
      images: [
        { url: '/media/kettle-1.jpg', alt: 'Front' },
        { url: 'https://cdn.example/kettle-2.jpg', alt: 'Back' },
      ],
      createdAt: '2026-01-01T00:00:00.123Z',
    });
    expect((res.body as { variants: unknown[] }).variants).toEqual([
      {
        id: kettle.variants[0]?.id,
        sku: 'KETTLE-RED',
        options: { colour: 'red' },
        prices: [
          { amount: '1999', currency: 'EUR' },
          { amount: '3000', currency: 'JPY' },
          { amount: '9007199254', currency: 'KWD' },
        ],
        weightGrams: 500,
        dimensions: { lengthMm: 200, widthMm: 100, heightMm: 50 },
        available: 7,
      },
      expect.objectContaining({
        sku: 'KETTLE-BLUE',
        options: { colour: 'blue', größe: 'XL' },
        prices: [],
        available: 0,
      }),
    ]);
  });

  it('is the same by slug', async () => {
    const byId = await t.api.get(`/products/${kettle.id}`);
    const bySlug = await t.api.get('/products/kettle');
    expect(bySlug.body).toEqual(byId.body);
  });

  it('speaks the language asked for, or says that it is English', async () => {
    const german = await t.api.get('/products/kettle').set('Accept-Language', 'de-AT, en;q=0.5');
    expect(german.body).toMatchObject({ locale: 'de', name: 'Wasserkessel', category: { name: 'Küche' } });
    expect((german.body as { images: unknown[] }).images).toHaveLength(2);
    const spanish = await t.api.get('/products/kettle?lang=es');
    expect(spanish.body).toMatchObject({ locale: 'en', name: 'Kettle' });
    expect(spanish.headers).toMatchObject({ 'content-language': 'en' });
  });

  it('needs two statements, whatever the product has', async () => {
    const seen = await t.statements(() => t.api.get('/products/kettle').expect(200));
    expect(seen).toHaveLength(2);
  });

  it('hides drafts, withdrawn products and what does not exist behind the same answer', async () => {
    const draft = await make.product({ slug: 'draft', status: 'draft' });
    for (const key of [
      'draft',
      draft.id,
      'nothing',
      '0190b3a0-0000-7000-8000-000000000000',
      'KETTLE',
      '%25',
    ]) {
      const res = await t.api.get(`/products/${key}`);
      expect(res.body).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  it('refuses what it does not know', async () => {
    const res = await t.api.get('/products/kettle?currency=EUR');
    expect(res.body).toMatchObject({ status: 400, errors: [{ path: 'currency', code: 'unknown_field' }] });
  });
});

describe('the category tree', () => {
  it('is nested, in the order of siblings, in the language asked for', async () => {
    const t = await setupApp();
    try {
      const make = new CatalogMaker(t);
      const b = await make.category('b-first', undefined, { en: 'First', es: 'Primera' });
      await make.category('a-second', undefined, { en: 'Second' });
      await make.category('child', b, { en: 'Child' });
      const seen = await t.statements(async () => {
        const res = await t.api.get('/categories?lang=es').expect(200);
        expect(res.body).toMatchObject({
          items: [
            {
              slug: 'b-first',
              name: 'Primera',
              children: [{ slug: 'child', path: 'b-first/child/', name: 'Child' }],
            },
            { slug: 'a-second', name: 'Second', children: [] },
          ],
        });
      });
      expect(seen).toHaveLength(1);
    } finally {
      await t.close();
    }
  });
});
