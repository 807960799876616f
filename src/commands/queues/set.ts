import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { QueueSettings } from '../../domain/jobs/queue.store.ts';

export default class QueuesSet extends BaseCommand {
  static override summary =
    'Pause or resume a queue, and set its limits; every worker follows within a second or two';
  static override examples = [
    '<%= config.bin %> queues set payments --pause',
    '<%= config.bin %> queues set notifications --rate 100/60 --concurrency 2',
    '<%= config.bin %> queues set notifications --rate none',
  ];
  static override args = { name: Args.string({ description: 'the queue', required: true }) };
  static override flags = {
    pause: Flags.boolean({ description: 'start no more of its jobs', exclusive: ['resume'] }),
    resume: Flags.boolean({ description: 'go on' }),
    priority: Flags.integer({ description: 'its jobs start before those of queues with a lower one' }),
    concurrency: Flags.string({ description: 'its jobs at a time in each worker; none: no limit' }),
    rate: Flags.string({ description: 'starts in so many seconds over all workers: 100/60; none: no limit' }),
  };

  async run(): Promise<QueueSettings> {
    const { args, flags } = await this.parse(QueuesSet);
    const { pause, resume, priority } = flags;
    const change = {
      ...(pause || resume ? { paused: pause } : {}),
      priority,
      concurrency: flags.concurrency === 'none' ? null : this.#number(flags.concurrency, '--concurrency'),
      rateLimit: this.#rate(flags.rate),
    };
    const { operator } = await import('../../app/operator.ts');
    const settings = await this.withApp(async (app) =>
      (await app.control()).queues.set(operator(), args.name, change),
    );
    this.log(`${args.name}: ${JSON.stringify(settings)}`);
    return settings;
  }

  #number(text: string | undefined, flag: string): number | undefined {
    if (text === undefined) return undefined;
    return /^\d{1,7}$/.test(text) ? Number(text) : this.usage(`${flag} is a whole number, or none`);
  }

  #rate(text: string | undefined): { jobs: number; seconds: number } | null | undefined {
    if (text === undefined) return undefined;
    if (text === 'none') return null;
    const [, jobs, seconds] = /^(\d{1,7})\/(\d{1,4})$/.exec(text) ?? [];
    if (jobs === undefined || seconds === undefined)
      return this.usage('--rate is a number of jobs and of seconds, such as 100/60, or none');
    return { jobs: Number(jobs), seconds: Number(seconds) };
  }
}
