import { describe, expect, it } from '@jest/globals';
import { type Category, checkNoCycle, childPath, toTree } from '../../../src/domain/catalog/category.ts';

const category = (path: string): Category => ({
  id: path,
  parentId: null,
  slug: path.split('/').at(-2) ?? '',
  path,
  position: 0,
  names: { en: path },
  version: 1,
});

describe('the category tree', () => {
  it('makes the path of a child from its parent', () => {
    expect(childPath(undefined, 'home')).toBe('home/');
    expect(childPath(category('home/'), 'kitchen')).toBe('home/kitchen/');
  });

  it('ends at eight levels', () => {
    const seven = category('a/b/c/d/e/f/g/');
    expect(childPath(seven, 'h')).toBe('a/b/c/d/e/f/g/h/');
    expect(() => childPath(category('a/b/c/d/e/f/g/h/'), 'i')).toThrow('at most 8 levels');
  });

  it('refuses a parent that is the category itself or lies below it', () => {
    expect(() => checkNoCycle(category('home/'), category('home/'))).toThrow('below itself');
    expect(() => checkNoCycle(category('home/'), category('home/kitchen/'))).toThrow('below itself');
    expect(() => checkNoCycle(category('home/'), category('home-office/'))).not.toThrow();
    expect(() => checkNoCycle(category('home/'), undefined)).not.toThrow();
  });

  it('is built from flat rows in their order', () => {
    const row = (id: string, parentId: string | null) => ({
      id,
      parentId,
      slug: id,
      path: `${id}/`,
      name: id,
    });
    const tree = toTree([row('b', 'a'), row('a', null), row('c', 'a')]);
    expect(tree.map((n) => n.id)).toEqual(['a']);
    expect(tree[0]?.children.map((n) => n.id)).toEqual(['b', 'c']);
  });
});
