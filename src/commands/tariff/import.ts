import { Args, Flags } from '@oclif/core';
import type { TariffReport } from '../../app/tariff-import.ts';
import { BaseCommand } from '../../base-command.ts';

export default class TariffImport extends BaseCommand {
  static override summary = 'Put a CSV file of tariff rates in, all of it or nothing';
  static override description =
    'A rate takes the place of one of the same HS code, origin, programme and first day. The columns are described in docs/landed-cost.md.';
  static override examples = ['<%= config.bin %> tariff import tariff-eu.csv --market EU'];
  static override args = { file: Args.string({ description: 'the CSV file', required: true }) };
  static override flags = {
    market: Flags.option({
      options: ['EU', 'GB', 'US', 'AU', 'CA', 'CH', 'CN', 'JP', 'KR', 'BR'] as const,
    })({ description: 'whose tariff it is', required: true }),
  };

  async run(): Promise<TariffReport> {
    const { args, flags } = await this.parse(TariffImport);
    const { importTariff } = await import('../../app/tariff-import.ts');
    const report = await this.withApp((app) => importTariff(app, { ...args, ...flags }));
    this.log(`${report.market}: ${report.rates} rates`);
    return report;
  }
}
