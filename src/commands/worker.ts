import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Worker extends BaseCommand {
  static override summary = 'Run jobs and consume events until SIGTERM';
  static override description =
    'Any number of workers may run. On SIGTERM a worker takes no more work and finishes what it has.';
  static override examples = [
    '<%= config.bin %> worker',
    '<%= config.bin %> worker --queues orders,payments --concurrency 8',
    '<%= config.bin %> worker --with-relay',
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
    'with-relay': Flags.boolean({ description: 'publish the outbox as well, as outbox-dispatch does' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Worker);
    const { startWorker } = await import('../jobs/worker.ts');
    const { inOrder } = await import('../app/serving.ts');
    await this.runRole(async (app) => {
      const shutDown = (): void => void process.kill(process.pid, 'SIGTERM');
      const worker = await startWorker(app, { ...flags, shutDown });
      if (!flags['with-relay']) return worker;
      const { startRelay } = await import('../jobs/relay.ts');
      return inOrder([worker], [startRelay], app);
    });
  }
}
