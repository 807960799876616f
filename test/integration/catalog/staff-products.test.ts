import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { staff } from '../../support/accounts.ts';
import { CatalogMaker } from '../../support/catalog.ts';
import { type Api, setupApp, type TestApp } from '../../support/setup-app.ts';

interface StaffProduct {
  id: string;
  slug: string;
  status: string;
  version: number;
  variants: { id: string; sku: string; status: string; prices: unknown[] }[];
}

describe('staff and products', () => {
  let t: TestApp;
  let api: Api;
  let categoryId: string;
  let n = 0;

  const body = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
    slug: `thing-${++n}`,
    categoryId,
    brand: 'Acme',
    hsCode: '851830',
    originCountry: 'CN',
    status: 'active',
    translations: { en: { name: `Thing ${n}`, description: 'A thing' } },
    variants: [variant()],
    ...change,
  });
  const variant = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
    sku: `THING-${++n}`,
    options: { size: 'M' },
    weightGrams: 100,
    dimensions: { lengthMm: 10, widthMm: 10, heightMm: 10 },
    prices: [{ amount: '1500', currency: 'EUR' }],
    ...change,
  });
  const create = async (change: Record<string, unknown> = {}): Promise<StaffProduct> =>
    (await api.post('/products').send(body(change)).expect(201)).body as StaffProduct;
  const patch = (id: string, change: Record<string, unknown>) => api.patch(`/products/${id}`).send(change);
  const listed = async (query: string): Promise<string[]> =>
    ((await t.api.get(`/products${query}`).expect(200)).body as { items: { slug: string }[] }).items.map(
      (i) => i.slug,
    );

  beforeAll(async () => {
    t = await setupApp();
    ({ api } = await staff(t));
    categoryId = (await new CatalogMaker(t).category('things', undefined, { en: 'Things' })).id;
  });
  afterAll(() => t.close());

  it('creates a product that is at once listed, found and shown', async () => {
    const reply = await api
      .post('/products')
      .send(body({ slug: 'new-thing', brand: 'Zubrowka' }))
      .expect(201);
    const product = reply.body as StaffProduct;
    expect(reply.headers).toMatchObject({ location: `/api/v1/products/${product.id}` });
    expect(product).toMatchObject({ version: 1, status: 'active', isHot: false });
    expect(await listed('?brand=Zubrowka&maxPrice=1500')).toEqual(['new-thing']);
    expect(await listed('?q=zubrowka')).toEqual(['new-thing']);
    expect((await t.api.get(`/products/${product.id}`)).body).toMatchObject({
      variants: [{ sku: product.variants[0]?.sku }],
    });
  });

  it('creates once for one Idempotency-Key', async () => {
    const sent = body();
    const first = await api.post('/products').set('Idempotency-Key', 'once').send(sent).expect(201);
    const second = await api.post('/products').set('Idempotency-Key', 'once').send(sent).expect(201);
    expect(second.body).toEqual(first.body);
  });

  it('changes what is named and leaves the rest', async () => {
    const product = await create({ isHot: true });
    const changed = await patch(product.id, {
      brand: 'Umbra',
      translations: {
        en: { name: 'Renamed parasol', description: '' },
        de: { name: 'Sonnenschirm', description: '' },
      },
      version: 1,
    }).expect(200);
    expect(changed.body).toMatchObject({ version: 2, brand: 'Umbra', isHot: true, slug: product.slug });
    expect(await listed('?q=parasol')).toEqual([product.slug]);
    expect(await listed('?q=sonnen&lang=de')).toEqual([product.slug]);
    expect((await api.get(`/staff/products/${product.id}`).expect(200)).body).toEqual(changed.body);
  });

  it('refuses a change of a version that is gone, and changes nothing', async () => {
    const { id } = await create();
    await patch(id, { brand: 'First', version: 1 }).expect(200);
    const late = await patch(id, { brand: 'Second', version: 1 });
    expect(late.body).toMatchObject({ status: 409, code: 'version_conflict', facts: { currentVersion: 2 } });
    expect((await api.get(`/staff/products/${id}`)).body).toMatchObject({ brand: 'First', version: 2 });
  });

  it('lets one of many simultaneous editors through', async () => {
    const { id } = await create();
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((i) => patch(id, { brand: `Editor ${i}`, version: 1 })),
    );
    expect(replies.map((r) => r.status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect((await api.get(`/staff/products/${id}`)).body).toMatchObject({ version: 2 });
  });

  it('withdraws from sale, and brings back, but never to a draft', async () => {
    const { id, slug } = await create();
    await api.delete(`/products/${id}`).expect(204);
    await t.api.get(`/products/${slug}`).expect(404);
    expect(await listed('')).not.toContain(slug);
    const shown = (await api.get(`/staff/products/${id}`).expect(200)).body as StaffProduct;
    expect(shown.status).toBe('withdrawn');
    expect((await patch(id, { status: 'draft', version: shown.version })).body).toMatchObject({
      code: 'transition_not_allowed',
    });
    await patch(id, { status: 'active', version: shown.version }).expect(200);
    expect(await listed('')).toContain(slug);
  });

  it('adds, changes and withdraws variants, and lists follow their prices', async () => {
    const product = await create({ brand: 'Follows' });
    const added = await api
      .post(`/products/${product.id}/variants`)
      .send(variant({ options: { size: 'L' }, prices: [{ amount: '700', currency: 'EUR' }] }))
      .expect(201);
    const { version, variants } = added.body as StaffProduct;
    expect({ version, count: variants.length }).toEqual({ version: 2, count: 2 });
    expect(await listed('?brand=Follows&maxPrice=700')).toEqual([product.slug]);
    const second = variants[1]?.id ?? '';
    await api.patch(`/variants/${second}`).send({ status: 'withdrawn', version }).expect(200);
    expect(await listed('?brand=Follows&maxPrice=700')).toEqual([]);
    expect((await t.api.get(`/products/${product.slug}`)).body).toMatchObject({
      variants: [{ sku: variants[0]?.sku }],
    });
    await api.patch(`/variants/${second}`).send({ status: 'active', sku: 'MOVED-1', version: 3 }).expect(200);
    expect(await listed('?q=moved-1')).toEqual([product.slug]);
  });

  it('sets all prices of a variant, in any ISO currency', async () => {
    const product = await create({ brand: 'Priced' });
    const id = product.variants[0]?.id ?? '';
    const prices = [
      { amount: '12345', currency: 'KWD' },
      { amount: '900', currency: 'JPY' },
      { amount: '5000', currency: 'CHF' },
    ];
    const reply = await api.put(`/variants/${id}/prices`).send({ prices, version: 1 }).expect(200);
    expect((reply.body as StaffProduct).variants[0]?.prices).toEqual(prices);
    expect(await listed('?brand=Priced&currency=CHF&minPrice=5000')).toEqual([product.slug]);
    expect(await listed('?brand=Priced&maxPrice=999999')).toEqual([]);
    const stale = await api.put(`/variants/${id}/prices`).send({ prices: [], version: 1 });
    expect(stale.body).toMatchObject({ code: 'version_conflict' });
  });

  it('lists drafts to staff, by status and by the beginning of a SKU, in pages', async () => {
    const draft = await create({ status: 'draft', variants: [variant({ sku: 'STAFFONLY-1' })] });
    const found = await api.get('/staff/products?status=draft&q=STAFFONLY').expect(200);
    expect(found.body).toMatchObject({
      items: [{ id: draft.id, status: 'draft', variantCount: 1, version: 1 }],
    });
    const first = (await api.get('/staff/products?limit=1').expect(200)).body as { nextCursor: string };
    const second = await api.get(`/staff/products?limit=1&cursor=${first.nextCursor}`).expect(200);
    expect((second.body as { items: unknown[] }).items).toHaveLength(1);
    expect(second.body).not.toMatchObject(first);
  });

  it('writes who did what into the audit log', async () => {
    const { id } = await create();
    const rows = await t.app.connections.read.query<{ action: string; actor: string }>(
      'SELECT action, actor FROM audit_log WHERE subject = ?',
      [`product:${id}`],
    );
    expect(rows).toEqual([{ action: 'product.create', actor: expect.stringMatching(/^user:/) as unknown }]);
  });

  it.each<[string, string, () => Record<string, unknown>]>([
    ['hsCode', 'validation_failed', () => ({ hsCode: '85183' })],
    ['hsCode', 'validation_failed', () => ({ hsCode: '851831' })],
    ['originCountry', 'unknown_country', () => ({ originCountry: 'UK' })],
    ['slug', 'validation_failed', () => ({ slug: 'Not a slug' })],
    ['slug', 'validation_failed', () => ({ slug: newId() })],
    ['brand', 'validation_failed', () => ({ brand: ' ' })],
    ['categoryId', 'validation_failed', () => ({ categoryId: newId() })],
    ['colour', 'validation_failed', () => ({ colour: 'red' })],
    [
      'translations.en',
      'validation_failed',
      () => ({ translations: { de: { name: 'x', description: '' } } }),
    ],
    [
      'translations.fr',
      'validation_failed',
      () => ({ translations: { en: { name: 'x', description: '' }, fr: {} } }),
    ],
    ['images.0.url', 'validation_failed', () => ({ images: [{ url: 'javascript:alert(1)' }] })],
    ['variants.0.sku', 'validation_failed', () => ({ variants: [variant({ sku: 'lower' })] })],
    ['variants.0.weightGrams', 'validation_failed', () => ({ variants: [variant({ weightGrams: 0.5 })] })],
    [
      'variants.0.prices.0.currency',
      'unknown_currency',
      () => ({ variants: [variant({ prices: [{ amount: '1', currency: 'XXY' }] })] }),
    ],
    [
      'variants.0.prices.0.amount',
      'validation_failed',
      () => ({ variants: [variant({ prices: [{ amount: '1.50', currency: 'EUR' }] })] }),
    ],
  ])('refuses a wrong %s, and writes nothing', async (path, code, change) => {
    const before = await api.get('/staff/products?limit=1');
    const res = await api.post('/products').send(body(change()));
    expect(res.body).toMatchObject({ status: 400, code });
    expect((res.body as { errors: { path: string }[] }).errors.map((e) => e.path)).toContain(path);
    expect((await api.get('/staff/products?limit=1')).body).toEqual(before.body);
  });

  it('refuses a slug, a SKU and options that are taken', async () => {
    const { slug, variants } = await create();
    const taken = await api.post('/products').send(body({ slug }));
    expect(taken.body).toMatchObject({ status: 409, code: 'already_exists', errors: [{ path: 'slug' }] });
    const sku = await api.post('/products').send(body({ variants: [variant({ sku: variants[0]?.sku })] }));
    expect(sku.body).toMatchObject({ status: 409, code: 'already_exists', errors: [{ path: 'sku' }] });
    const same = await api.post('/products').send(body({ variants: [variant(), variant()] }));
    expect(same.body).toMatchObject({ status: 409, code: 'already_exists', errors: [{ path: 'options' }] });
  });

  it('answers 404 for what does not exist', async () => {
    await patch(newId(), { version: 1 }).expect(404);
    await patch('not-an-id', { version: 1 }).expect(404);
    await api.delete(`/products/${newId()}`).expect(404);
    await api.post(`/products/${newId()}/variants`).send(variant()).expect(404);
    await api.patch(`/variants/${newId()}`).send({ version: 1 }).expect(404);
    await api.put(`/variants/${newId()}/prices`).send({ prices: [] }).expect(404);
  });
});
