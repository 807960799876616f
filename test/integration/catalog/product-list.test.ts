import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CatalogMaker } from '../../support/catalog.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

interface Item {
  slug: string;
  name: string;
  category: { slug: string; name: string };
  price: { from: { amount: string; currency: string }; to: { amount: string } } | null;
  inStock: boolean;
}
interface ListBody {
  items: Item[];
  nextCursor?: string;
}

describe('the product list', () => {
  let t: TestApp;
  let make: CatalogMaker;

  const list = async (query = ''): Promise<ListBody> => {
    const res = await t.api.get(`/products${query}`);
    expect({ status: res.status, body: res.body as unknown }).toMatchObject({ status: 200 });
    return res.body as ListBody;
  };
  const slugs = async (query = ''): Promise<string[]> => (await list(query)).items.map((i) => i.slug);
  const walk = async (query: string, between?: (page: number) => Promise<unknown>): Promise<string[]> => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 1; ; page++) {
      const body = await list(`${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items.map((i) => i.slug));
      cursor = body.nextCursor;
      if (cursor === undefined) return seen;
      await between?.(page);
    }
  };

  beforeAll(async () => {
    t = await setupApp({ now: '2026-01-01T00:00:00.123Z' });
    make = new CatalogMaker(t);
    const home = await make.category('home', undefined, { en: 'Home', de: 'Zuhause' });
    const kitchen = await make.category('kitchen', home, { en: 'Kitchen', zh: '厨房' });
    const homeOffice = await make.category('home-office', undefined, { en: 'Home office' });
    const eur = (amount: bigint) => [{ amount, currency: 'EUR' }];
    await make.product({
      slug: 'lamp',
      name: 'Lamp',
      categoryId: home.id,
      brand: 'Lumo',
      isHot: true,
      stock: 5,
    });
    t.clock.advance(1);
    // Three made in the same millisecond, at the same price: only the id tells them apart.
    for (const n of [1, 2, 3]) {
      await make.product({
        slug: `pan-${n}`,
        name: 'Pan',
        categoryId: kitchen.id,
        brand: 'Ferro',
        variants: [{ prices: eur(2500n) }],
      });
    }
    t.clock.advance(1);
    await make.product({
      slug: 'desk',
      categoryId: homeOffice.id,
      brand: 'Holz & Söhne',
      isNew: true,
      stock: 1,
      variants: [{ prices: eur(9900n) }, { prices: eur(4900n) }],
      texts: { en: { name: 'Desk', description: 'Oak' }, de: { name: 'Schreibtisch', description: 'Eiche' } },
    });
    t.clock.advance(1);
    await make.product({
      slug: 'yen-only',
      name: 'Yen only',
      categoryId: homeOffice.id,
      variants: [{ prices: [{ amount: 500n, currency: 'JPY' }] }],
    });
    await make.product({ slug: 'draft', status: 'draft', categoryId: home.id });
  });
  afterAll(() => t.close());

  it('shows what is on sale, newest first, and no draft', async () => {
    const all = await slugs();
    expect([all[0], all[1], all.at(-1)]).toEqual(['yen-only', 'desk', 'lamp']);
    expect([...all].sort()).toEqual(['desk', 'lamp', 'pan-1', 'pan-2', 'pan-3', 'yen-only']);
  });

  it('shows the price range in the currency asked for, and null where it is not sold in it', async () => {
    const { items } = await list();
    const price = (slug: string) => items.find((i) => i.slug === slug)?.price;
    expect(price('desk')).toEqual({
      from: { amount: '4900', currency: 'EUR' },
      to: { amount: '9900', currency: 'EUR' },
    });
    expect(price('yen-only')).toBeNull();
    const yen = await list('?currency=JPY&sort=price');
    expect(yen.items).toMatchObject([
      { slug: 'yen-only', price: { from: { amount: '500', currency: 'JPY' } } },
    ]);
  });

  it('speaks the language of the query, then of the header, and falls back to English', async () => {
    const names = async (query: string, header = 'en') => {
      const res = await t.api.get(`/products${query}`).set('Accept-Language', header);
      return { body: res.body as ListBody, language: res.headers['content-language'] as unknown };
    };
    const german = await names('?lang=de', 'zh');
    expect(german.language).toBe('de');
    expect(german.body.items.find((i) => i.slug === 'desk')).toMatchObject({ name: 'Schreibtisch' });
    expect(german.body.items.find((i) => i.slug === 'lamp')).toMatchObject({
      name: 'Lamp',
      category: { name: 'Zuhause' },
    });
    const chinese = await names('', 'fr, zh-CN;q=0.9');
    expect(chinese.language).toBe('zh');
    expect(chinese.body.items.find((i) => i.slug === 'pan-1')).toMatchObject({ category: { name: '厨房' } });
  });

  it('finds a category with its descendants, and not one whose name begins alike', async () => {
    expect((await slugs('?category=home')).sort()).toEqual(['lamp', 'pan-1', 'pan-2', 'pan-3']);
    expect((await slugs('?category=kitchen')).sort()).toEqual(['pan-1', 'pan-2', 'pan-3']);
  });

  it('finds brands, repeated or separated by commas', async () => {
    expect((await slugs('?brand=Lumo,Ferro')).sort()).toEqual(['lamp', 'pan-1', 'pan-2', 'pan-3']);
    expect((await slugs('?brand=Lumo&brand=Ferro')).sort()).toEqual(['lamp', 'pan-1', 'pan-2', 'pan-3']);
    expect(await slugs('?brand=lumo')).toEqual([]);
  });

  it('finds by price, both bounds included', async () => {
    expect((await slugs('?minPrice=2500&maxPrice=4900')).sort()).toEqual(['desk', 'pan-1', 'pan-2', 'pan-3']);
    expect(await slugs('?maxPrice=1000')).toEqual(['lamp']);
    expect(await slugs('?minPrice=4901')).toEqual([]);
    expect(await slugs('?currency=USD&minPrice=1100&maxPrice=1100')).toEqual(['lamp']);
  });

  it('finds what is in stock, hot or new, and what is not', async () => {
    expect((await slugs('?inStock=true')).sort()).toEqual(['desk', 'lamp']);
    expect(await slugs('?inStock=false')).not.toContain('lamp');
    expect(await slugs('?hot=true')).toEqual(['lamp']);
    expect(await slugs('?new=true&inStock=true')).toEqual(['desk']);
  });

  it('sorts by price both ways and by name, and leaves out what has no price when sorting by it', async () => {
    const byPrice = await slugs('?sort=price');
    expect([byPrice[0], byPrice.at(-1), byPrice.length]).toEqual(['lamp', 'desk', 5]);
    expect(await slugs('?sort=-price')).toEqual([...byPrice].reverse());
    const named = await slugs('?sort=name');
    expect([named[0], named[1], named.at(-1)]).toEqual(['desk', 'lamp', 'yen-only']);
    expect((await slugs('?sort=name&lang=de'))[0]).toBe('lamp');
  });

  it.each(['newest', 'price', '-price', 'name'])(
    'pages by %s without a gap or a repeat where keys are equal',
    async (sort) => {
      const all = await slugs(`?sort=${sort}`);
      for (const limit of [1, 2, 3]) expect(await walk(`?sort=${sort}&limit=${limit}`)).toEqual(all);
    },
  );

  it('pages on without a gap or a repeat while products are added', async () => {
    const before = await slugs();
    const seen = await walk('?limit=2', async (page) => {
      t.clock.advance(1);
      return make.product({ slug: `late-${page}`, status: 'active' });
    });
    expect(seen).toEqual(before);
    expect(await slugs()).toHaveLength(before.length + 2);
  });

  it('stays within its query budget, whatever the page', async () => {
    const count = async (query: string): Promise<number> => (await t.statements(() => list(query))).length;
    expect(await count('?limit=1')).toBe(1);
    expect(await count('?limit=100')).toBe(1);
    expect(await count('?limit=100&category=home&brand=Ferro&minPrice=1&inStock=true&q=pan&lang=zh')).toBe(2);
  });

  it.each([
    ['?currency=XXY', 'unknown_currency', 'currency'],
    ['?currency=eur', 'unknown_currency', 'currency'],
    ['?minPrice=1.5', 'validation_failed', 'minPrice'],
    ['?minPrice=-1', 'validation_failed', 'minPrice'],
    ['?minPrice=2&maxPrice=1', 'validation_failed', 'minPrice'],
    ['?limit=0', 'validation_failed', 'limit'],
    ['?limit=101', 'validation_failed', 'limit'],
    ['?limit=ten', 'validation_failed', 'limit'],
    ['?sort=cheap', 'validation_failed', 'sort'],
    ['?sort=relevance', 'validation_failed', 'sort'],
    ['?inStock=maybe', 'validation_failed', 'inStock'],
    ['?lang=fr', 'validation_failed', 'lang'],
    ['?category=nowhere', 'validation_failed', 'category'],
    ['?categories=home', 'validation_failed', 'categories'],
    [`?q=${'x'.repeat(201)}`, 'validation_failed', 'q'],
    ['?q=a&q=b', 'validation_failed', 'q'],
    ['?cursor=AAAA', 'invalid_cursor', 'cursor'],
  ])('refuses %s', async (query, code, path) => {
    const res = await t.api.get(`/products${query}`);
    expect(res.status).toBe(400);
    expect(res.body).toMatchObject({ code, errors: [{ path }] });
  });

  it('refuses a cursor of another order', async () => {
    const { nextCursor = '' } = await list('?limit=1');
    const res = await t.api.get(`/products?limit=1&sort=price&cursor=${nextCursor}`);
    expect(res.body).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  it('refuses a cursor that was tampered with', async () => {
    for (const key of [
      ['newest', 'yesterday', 'x'],
      ['newest', 1e300, 'x'],
      ['price:EUR', 'ten', 'x'],
    ]) {
      const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
      const sort = String(key[0]).split(':')[0] ?? '';
      const res = await t.api.get(`/products?sort=${sort}&cursor=${cursor}`);
      expect(res.body).toMatchObject({ status: 400, code: 'invalid_cursor' });
    }
  });

  it('answers what its published schema says', async () => {
    const { ProductPageView } = await import('../../../src/server/catalog/product.schema.ts');
    expect(ProductPageView.safeParse(await list()).error).toBeUndefined();
  });
});
