import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';

export default class WorkersShutdown extends BaseCommand {
  static override summary = 'Tell a worker to finish what it has, and to end';
  static override examples = ['<%= config.bin %> workers shutdown 019ab9c2-7c1e-7000-8000-000000000000'];
  static override args = { id: Args.string({ description: 'its id, see workers list', required: true }) };

  async run(): Promise<{ told: string }> {
    const { args } = await this.parse(WorkersShutdown);
    const { operator } = await import('../../app/operator.ts');
    await this.withApp(async (app) => (await app.control()).workers.shutDown(operator(), args.id));
    this.log(`worker ${args.id} is told to end`);
    return { told: args.id };
  }
}
