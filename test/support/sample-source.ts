import { readdirSync, readFileSync } from 'node:fs';
import { parseSampleSource, type SampleSource } from '../../src/sample/sample-source.ts';

const folder = new URL('../../data/sample/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

export const sampleSource: SampleSource = parseSampleSource({
  categories: read('categories.json'),
  products: readdirSync(folder)
    .filter((f) => f.startsWith('products-'))
    .sort()
    .flatMap((f) => read(f) as unknown[]),
  variations: read('variations.json'),
  shop: read('shop.json'),
});
