import { BaseCommand } from '../../base-command.ts';

export default class StockRebuild extends BaseCommand {
  static override summary =
    'Make the stock projection anew from the stock levels; consumers may go on meanwhile';

  async run(): Promise<{ readonly transactions: number }> {
    const transactions = await this.withApp(async (app) => (await app.work()).rebuildStockProjection.run());
    this.log(`rebuilt in ${transactions} transactions`);
    return { transactions };
  }
}
