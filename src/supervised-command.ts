import { Flags } from '@oclif/core';
import type { SupervisorTie } from './app/supervising.ts';
import { BaseCommand, type Running, STOP_TIMEOUT } from './base-command.ts';

/** A role whose work is done by a process of its own: one that a job has blocked can only be replaced from outside. */
export abstract class SupervisedCommand extends BaseCommand {
  protected static readonly supervision = {
    supervise: Flags.boolean({
      description: 'replace the working process when it dies, or a job blocks it [WORKER_BLOCKED_TIMEOUT]',
      default: true,
      allowNo: true,
    }),
    supervised: Flags.boolean({ hidden: true }),
  };

  #tie: SupervisorTie | undefined;

  /** Does the work in this process, under the eyes of the one that started it if there is one. */
  protected async work(supervised: boolean, work: () => Promise<void>): Promise<void> {
    this.supervised = supervised;
    if (supervised) this.#tie = (await import('./app/supervising.ts')).beSupervised();
    try {
      await work();
    } finally {
      this.#tie?.release();
    }
  }

  /** To be called before the first job may run. */
  protected watched(): void {
    this.#tie?.watched();
  }

  /** The work has begun. @returns what stops it, without another process that takes its place */
  protected working(running: Running): Running {
    this.#tie?.working();
    return {
      stop: () => {
        this.#tie?.stopping();
        return running.stop();
      },
    };
  }

  /** Runs this command in a process of its own, and ends as that does. */
  protected async superviseItself(blockedSeconds: number): Promise<never> {
    const { supervise } = await import('./app/supervising.ts');
    const supervised = supervise({
      program: process.argv[1] ?? '',
      args: [...process.argv.slice(2), '--supervised'],
      blockedSeconds,
      stopMilliseconds: STOP_TIMEOUT,
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    const code = await Promise.race([
      supervised.ended,
      this.untilSignal(supervised).then(() => supervised.ended),
    ]);
    process.exit(code);
  }

  /** Whoever signals every process of a group signals this one twice; its supervisor knows how to end it at once. */
  protected override again(): void {
    if (!this.supervised) super.again();
  }
}
