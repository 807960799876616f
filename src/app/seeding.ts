import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SeedCustomers } from '../domain/use-cases/seed-customers.ts';
import { CatalogSeeder } from '../infra/db/seed/catalog-seeder.ts';
import type { SeedCounts } from '../infra/db/seed/seed-data.ts';
import { SqlUsersReadModel } from '../infra/db/users/sql-users.read-model.ts';
import { Argon2PasswordHasher } from '../infra/security/argon2-password-hasher.ts';
import { categoryImage } from '../sample/category-image.ts';
import { sampleCustomers } from '../sample/sample-customers.ts';
import { type SampleSize, sampleCount, sampleProducts } from '../sample/sample-products.ts';
import { sampleShipping } from '../sample/sample-shipping.ts';
import { sampleCategories, sampleWarehouses } from '../sample/sample-shop.ts';
import { parseSampleSource, type SampleSource } from '../sample/sample-source.ts';
import { type SampleTariffs, sampleExchangeRates, sampleTariffs } from '../sample/sample-trade.ts';
import type { Core } from './core.ts';
import { describeDatabase } from './migrating.ts';

type Parts = Pick<Core, 'config' | 'clock' | 'connections' | 'db'>;

export interface SeedRequest {
  readonly size: SampleSize;
  /** The same number gives the same rows. */
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface SeedReport extends SeedCounts {
  readonly database: string;
  readonly size: SampleSize;
  readonly seed: number;
  /** Sample customers that were added; none in production, because their passwords are published. */
  readonly customers: number;
}

/** Beside the sources as well as beside what is built from them. */
const SAMPLE_FOLDER = new URL('../../data/sample/', import.meta.url);

/** Fills the shop with the sample; what is there already stays as it is. */
export async function seedSample(parts: Parts, request: SeedRequest): Promise<SeedReport> {
  const { config, clock, connections, db } = parts;
  const { size, seed, onProgress } = request;
  const source = await readSample();
  const total = sampleCount(source, size);
  const shop = {
    categories: sampleCategories(source),
    warehouses: sampleWarehouses(source),
    priceLists: source.shop.priceLists,
    shipping: sampleShipping(source),
    exchangeRates: sampleExchangeRates(source, clock.now()),
    tariffs: sampleTariffs(await readTariffs()),
  };
  await writeImages(source, join(config.mediaRoot, 'sample'));
  const counts = await new CatalogSeeder(connections).run(shop, sampleProducts(source, total, seed), (done) =>
    onProgress?.(done, total),
  );
  const users = new SqlUsersReadModel(connections.read);
  const customers = new SeedCustomers({ db, clock, users, hasher: new Argon2PasswordHasher() });
  return {
    database: describeDatabase(config.database),
    size,
    seed,
    ...counts,
    customers: config.env === 'production' ? 0 : await customers.run(sampleCustomers(source)),
  };
}

async function readSample(): Promise<SampleSource> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(new URL(name, SAMPLE_FOLDER), 'utf8'));
  const files = (await readdir(SAMPLE_FOLDER)).filter((name) => name.startsWith('products-')).sort();
  const products = await Promise.all(files.map(read));
  const [categories, variations, shop] = await Promise.all(
    ['categories.json', 'variations.json', 'shop.json'].map(read),
  );
  return parseSampleSource({ categories, variations, shop, products: products.flat() });
}

async function readTariffs(): Promise<SampleTariffs> {
  const files = (await readdir(SAMPLE_FOLDER)).filter((name) => /^tariff-\w+\.csv$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, SAMPLE_FOLDER), 'utf8')));
  return Object.fromEntries(
    files.map((name, i) => [name.slice('tariff-'.length, -'.csv'.length), texts[i] ?? '']),
  );
}

/** One placeholder per category: the sample ships no photographs. */
async function writeImages(source: SampleSource, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    source.categories.map(({ slug, name }) =>
      writeFile(join(folder, `${slug}.svg`), categoryImage(slug, name.en)),
    ),
  );
}
