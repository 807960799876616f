import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Worker extends BaseCommand {
  static override summary = 'Run jobs and consume events until SIGTERM';
  static override description =
    'Any number of workers may run. On SIGTERM a worker takes no more work and finishes what it has.';
  static override examples = [
    '<%= config.bin %> worker',
    '<%= config.bin %> worker --queues orders,payments --concurrency 8',
  ];
  static override flags = {
    queues: Flags.string({
      description: 'queues to work on, separated by commas [all]',
      multiple: true,
      delimiter: ',',
    }),
    concurrency: Flags.integer({
      description: 'jobs at a time [WORKER_CONCURRENCY, else 4]',
      min: 1,
      max: 1000,
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Worker);
    const { startWorker } = await import('../jobs/worker.ts');
    await this.runRole((app) =>
      startWorker(app, { ...flags, shutDown: () => process.kill(process.pid, 'SIGTERM') }),
    );
  }
}
