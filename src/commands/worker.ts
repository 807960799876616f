import { Flags } from '@oclif/core';
import { BaseCommand, STOP_TIMEOUT } from '../base-command.ts';

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
    supervise: Flags.boolean({
      description: 'replace the working process when it dies, or a job blocks it [WORKER_BLOCKED_TIMEOUT]',
      default: true,
      allowNo: true,
    }),
    supervised: Flags.boolean({ hidden: true }),
  };

  #supervised = false;

  async run(): Promise<void> {
    const { flags } = await this.parse(Worker);
    if (flags.supervise && !flags.supervised) return this.#supervise();
    const [{ startWorker }, { announceEventLog }, { beSupervised }, { inOrder }] = await Promise.all([
      import('../jobs/worker.ts'),
      import('../jobs/announce-event-log.ts'),
      import('../app/supervising.ts'),
      import('../app/serving.ts'),
    ]);
    const tie = flags.supervised ? beSupervised() : undefined;
    this.#supervised = flags.supervised;
    try {
      await this.runRole(async (app) => {
        await announceEventLog(app);
        const shutDown = (): void => void process.kill(process.pid, 'SIGTERM');
        const worker = await startWorker(app, { ...flags, shutDown });
        tie?.working();
        const more = flags['with-relay'] ? [(await import('../jobs/relay.ts')).startRelay] : [];
        const role = await inOrder([worker], more, app);
        return {
          stop: () => {
            tie?.stopping();
            return role.stop();
          },
        };
      });
    } finally {
      tie?.release();
    }
  }

  /** Whoever signals every process of a group signals this one twice; its supervisor knows how to end it at once. */
  protected override again(): void {
    if (!this.#supervised) super.again();
  }

  /** The work is done by a process of its own: one that a job has blocked can only be replaced from outside. */
  async #supervise(): Promise<void> {
    const { jobs } = await this.configuration();
    const { supervise } = await import('../app/supervising.ts');
    const supervised = supervise({
      program: process.argv[1] ?? '',
      args: [...process.argv.slice(2), '--supervised'],
      blockedSeconds: jobs.blockedSeconds,
      stopMilliseconds: STOP_TIMEOUT,
      tell: (line) => this.logToStderr(line),
    });
    const code = await Promise.race([
      supervised.ended,
      this.untilSignal(supervised).then(() => supervised.ended),
    ]);
    process.exit(code);
  }
}
