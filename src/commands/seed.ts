import { Flags } from '@oclif/core';
import type { SeedReport } from '../app/seeding.ts';
import { BaseCommand } from '../base-command.ts';

export default class Seed extends BaseCommand {
  static override summary = 'Fill the shop with the sample catalogue, stock and customers';
  static override description =
    'Running it again adds what is missing and changes nothing else. The same --seed gives the same data. In production it makes no customers, because their passwords are published.';
  static override examples = [
    '<%= config.bin %> seed',
    '<%= config.bin %> seed --size large --seed 7 --json',
  ];
  static override flags = {
    size: Flags.option({ options: ['small', 'medium', 'large'] as const })({
      description: 'small: some 70 products, medium: 1,000, large: 50,000',
      default: 'small',
    }),
    seed: Flags.integer({ description: 'the number that prices and stock follow from', default: 1, min: 0 }),
  };

  async run(): Promise<SeedReport> {
    const { flags } = await this.parse(Seed);
    const { seedWithProgress } = await import('../app/seed-progress.ts');
    const report = await this.withApp((app) => seedWithProgress(app, flags, !this.jsonEnabled()));
    this.log(
      `${report.database}: added ${report.products} products (${report.variants} variants, ${report.stockLevels} stock levels), ${report.categories} categories, ${report.warehouses} warehouses, ${report.customers} customers; kept ${report.kept} products`,
    );
    return report;
  }
}
