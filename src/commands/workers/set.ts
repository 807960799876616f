import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';

export default class WorkersSet extends BaseCommand {
  static override summary = 'Change how many jobs a worker runs at a time, until it ends';
  static override examples = [
    '<%= config.bin %> workers set 019ab9c2-7c1e-7000-8000-000000000000 --concurrency 8',
  ];
  static override args = { id: Args.string({ description: 'its id, see workers list', required: true }) };
  static override flags = {
    concurrency: Flags.integer({ description: 'jobs at a time', min: 1, max: 1000, required: true }),
  };

  async run(): Promise<{ told: string; concurrency: number }> {
    const { args, flags } = await this.parse(WorkersSet);
    const { operator } = await import('../../app/operator.ts');
    await this.withApp(async (app) =>
      (await app.control()).workers.setConcurrency(operator(), args.id, flags.concurrency),
    );
    this.log(`worker ${args.id} is told to run ${flags.concurrency} jobs at a time`);
    return { told: args.id, concurrency: flags.concurrency };
  }
}
