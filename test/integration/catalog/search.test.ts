import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CatalogMaker } from '../../support/catalog.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

describe('full-text search', () => {
  let t: TestApp;
  let make: CatalogMaker;

  const find = async (q: string, more = ''): Promise<string[]> => {
    const res = await t.api.get(`/products?q=${encodeURIComponent(q)}${more}`);
    expect({ status: res.status, body: res.body as unknown }).toMatchObject({ status: 200 });
    return (res.body as { items: { slug: string }[] }).items.map((i) => i.slug);
  };

  beforeAll(async () => {
    t = await setupApp({ now: '2026-01-01' });
    make = new CatalogMaker(t);
    const audio = await make.category('audio', undefined, { en: 'Headphones', de: 'Kopfhörer', zh: '耳机' });
    await make.product({
      slug: 'buds',
      brand: 'Sónico',
      categoryId: audio.id,
      variants: [{ sku: 'BUDS-2026-BLK' }],
      texts: {
        en: { name: 'Wireless Earbuds', description: 'The case charges by USB-C. It is for running.' },
        de: { name: 'Kabellose Ohrhörer', description: 'Zum Laufen' },
        zh: { name: '无线耳机', description: '适合跑步' },
      },
    });
    t.clock.advance(1);
    await make.product({
      slug: 'cable',
      name: 'Cable',
      texts: { en: { name: 'Cable', description: 'For wireless earbuds and more' } },
    });
    await make.product({
      slug: 'hidden',
      status: 'draft',
      texts: { en: { name: 'Wireless Draft', description: '' } },
    });
  });
  afterAll(() => t.close());

  it('finds every word, in any order, as the beginning of a word', async () => {
    expect((await find('earb wirel')).sort()).toEqual(['buds', 'cable']);
    expect(await find('earbuds running')).toEqual(['buds']);
    expect(await find('earbuds nothing')).toEqual([]);
    expect(await find('uds')).toEqual([]);
  });

  it('puts a product whose name has the words before one that only mentions them, though it is older', async () => {
    expect(await find('wireless earbuds')).toEqual(['buds', 'cable']);
    expect(await find('wireless earbuds', '&sort=newest')).toEqual(['cable', 'buds']);
  });

  it('finds short words and the words that servers call stop words; a single letter as a whole word', async () => {
    expect(await find('it is for')).toEqual(['buds']);
    expect(await find('C')).toEqual(['buds']);
  });

  it('finds by brand, SKU and category, whatever the case and the accents', async () => {
    expect(await find('SONICO')).toEqual(['buds']);
    expect(await find('buds-2026-blk')).toEqual(['buds']);
    expect(await find('headphones')).toEqual(['buds']);
    expect(await find('kopfhorer', '&lang=de')).toEqual(['buds']);
  });

  it('searches in the language of the reader, with English where nothing is translated', async () => {
    expect(await find('ohrhörer', '&lang=de')).toEqual(['buds']);
    expect(await find('ohrhörer')).toEqual([]);
    expect(await find('cable', '&lang=de')).toEqual(['cable']);
  });

  it('finds Chinese words of one, two and more characters', async () => {
    for (const q of ['耳', '机', '耳机', '无线耳机', '无线 跑步'])
      expect(await find(q, '&lang=zh')).toEqual(['buds']);
    expect(await find('机耳', '&lang=zh')).toEqual([]);
  });

  it('takes operators and quotes for what they are: no words', async () => {
    for (const q of ['+-"*()', '" OR 1=1 --', '@1', "';DROP TABLE products", '%', '*']) {
      expect(Array.isArray(await find(q))).toBe(true);
    }
    expect(await find('"wireless" -earbuds')).toEqual(['buds', 'cable']);
  });

  it('pages by relevance without a gap or a repeat', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const res = await t.api.get(`/products?q=wireless&limit=1${cursor}`);
      const body = res.body as { items: { slug: string }[]; nextCursor?: string };
      seen.push(...body.items.map((i) => i.slug));
      cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['buds', 'cable']);
  });

  it('combines with filters and sorts', async () => {
    expect(await find('wireless', '&sort=price&category=audio&maxPrice=1000')).toEqual(['buds']);
    expect(await find('wireless', '&sort=name&inStock=false')).toEqual(['cable', 'buds']);
  });
});
