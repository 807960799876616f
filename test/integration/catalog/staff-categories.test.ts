import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/domain/shared/ids.ts';
import { staff } from '../../support/accounts.ts';
import { CatalogMaker } from '../../support/catalog.ts';
import { type Api, setupApp, type TestApp } from '../../support/setup-app.ts';

interface StaffCategory {
  id: string;
  slug: string;
  path: string;
  version: number;
}

describe('staff and categories', () => {
  let t: TestApp;
  let api: Api;
  let make: CatalogMaker;

  const create = async (slug: string, parentId: string | null = null): Promise<StaffCategory> =>
    (
      await api
        .post('/categories')
        .send({ slug, parentId, names: { en: slug } })
        .expect(201)
    ).body as StaffCategory;
  const all = async (): Promise<Map<string, StaffCategory>> => {
    const { items } = (await api.get('/staff/categories').expect(200)).body as { items: StaffCategory[] };
    return new Map(items.map((c) => [c.slug, c]));
  };
  const patch = async (slug: string, change: Record<string, unknown>) => {
    const category = (await all()).get(slug);
    return api.patch(`/categories/${category?.id ?? ''}`).send({ version: category?.version, ...change });
  };

  beforeAll(async () => {
    t = await setupApp();
    ({ api } = await staff(t));
    make = new CatalogMaker(t);
  });
  afterAll(() => t.close());

  it('moves a category, and the paths of all its descendants follow', async () => {
    const a = await create('a');
    const b = await create('b', a.id);
    await create('c', b.id);
    await create('a-sibling');
    const target = await create('target');
    expect((await patch('b', { parentId: target.id })).body).toMatchObject({ path: 'target/b/', version: 2 });
    expect((await patch('target', { slug: 'goal' })).body).toMatchObject({ path: 'goal/' });
    const paths = [...(await all()).values()].map((c) => c.path).sort();
    expect(paths).toEqual(['a-sibling/', 'a/', 'goal/', 'goal/b/', 'goal/b/c/']);
    expect((await patch('b', { parentId: null })).body).toMatchObject({ path: 'b/', parentId: null });
    expect((await all()).get('c')).toMatchObject({ path: 'b/c/' });
  });

  it('refuses a cycle', async () => {
    const top = await create('top');
    const middle = await create('middle', top.id);
    const bottom = await create('bottom', middle.id);
    for (const parentId of [top.id, middle.id, bottom.id]) {
      const res = await patch('top', { parentId });
      expect(res.body).toMatchObject({ status: 409, code: 'conflict', errors: [{ path: 'parentId' }] });
    }
  });

  it('never makes a cycle of two simultaneous moves', async () => {
    for (let round = 0; round < 5; round++) {
      const x = await create(`x-${round}`);
      const y = await create(`y-${round}`);
      const move = (what: StaffCategory, below: StaffCategory) =>
        api.patch(`/categories/${what.id}`).send({ parentId: below.id, version: what.version });
      const replies = await Promise.all([move(x, y), move(y, x)]);
      expect(replies.map((r) => r.status).sort()).toEqual([200, 409]);
      const paths = [...(await all()).values()].map((c) => c.path).filter((p) => p.includes(`x-${round}`));
      expect(paths.some((p) => p === `x-${round}/` || p === `y-${round}/x-${round}/`)).toBe(true);
    }
  });

  it('finds products by the new name of their category', async () => {
    const category = await create('renamed');
    await make.product({ slug: 'in-renamed', categoryId: category.id });
    expect((await patch('renamed', { names: { en: 'Zeppelins', de: 'Luftschiffe' } })).status).toBe(200);
    for (const query of ['q=zeppelins', 'q=luftschiffe&lang=de', 'category=renamed']) {
      expect((await t.api.get(`/products?${query}`)).body).toMatchObject({ items: [{ slug: 'in-renamed' }] });
    }
  });

  it('deletes an empty category only', async () => {
    const parent = await create('full');
    const child = await create('empty', parent.id);
    expect((await api.delete(`/categories/${parent.id}`)).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const product = await make.product({ slug: 'keeper', categoryId: child.id });
    expect((await api.delete(`/categories/${child.id}`)).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    await api.patch(`/products/${product.id}`).send({ categoryId: parent.id, version: 1 }).expect(200);
    await api.delete(`/categories/${child.id}`).expect(204);
    await api.delete(`/categories/${child.id}`).expect(404);
    expect((await all()).has('empty')).toBe(false);
  });

  it('tells who loses to a simultaneous deletion', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await create(`short-lived-${round}`);
      const [made, gone] = await Promise.allSettled([
        make.product({ slug: `homeless-${round}`, categoryId: id }),
        api.delete(`/categories/${id}`).then((res) => res.status),
      ]);
      const deleted = gone.status === 'fulfilled' && gone.value === 204;
      expect(deleted).toBe(made.status === 'rejected');
      if (made.status === 'rejected') {
        expect(['conflict', 'validation_failed']).toContain((made.reason as { code: string }).code);
      }
    }
  });

  it('refuses a taken slug, a stale version, an unknown parent and unknown fields', async () => {
    await create('taken');
    const body = { slug: 'taken', names: { en: 'x' } };
    expect((await api.post('/categories').send(body)).body).toMatchObject({
      status: 409,
      code: 'already_exists',
    });
    expect((await patch('taken', { version: 99 })).body).toMatchObject({
      status: 409,
      code: 'version_conflict',
    });
    const orphan = { ...body, slug: 'orphan', parentId: newId() };
    expect((await api.post('/categories').send(orphan)).body).toMatchObject({
      errors: [{ path: 'parentId' }],
    });
    const more = { ...body, slug: 'more', icon: 'x' };
    expect((await api.post('/categories').send(more)).body).toMatchObject({ errors: [{ path: 'icon' }] });
    expect((await all()).has('orphan')).toBe(false);
  });
});
