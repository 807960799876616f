import { Flags } from '@oclif/core';
import { SupervisedCommand } from '../supervised-command.ts';

export default class Worker extends SupervisedCommand {
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
    ...SupervisedCommand.supervision,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Worker);
    if (flags.supervise && !flags.supervised) {
      const { jobs } = await this.configuration();
      return this.superviseItself(jobs.blockedSeconds);
    }
    const [{ startWorker }, { announceEventLog }, { inOrder }] = await Promise.all([
      import('../jobs/worker.ts'),
      import('../jobs/announce-event-log.ts'),
      import('../app/serving.ts'),
    ]);
    await this.work(flags.supervised, () =>
      this.runRole(async (app) => {
        await announceEventLog(app);
        const shutDown = (): void => void process.kill(process.pid, 'SIGTERM');
        this.watched();
        const worker = await startWorker(app, { ...flags, shutDown });
        const more = flags['with-relay'] ? [(await import('../jobs/relay.ts')).startRelay] : [];
        return this.working(await inOrder([worker], more, app));
      }),
    );
  }
}
