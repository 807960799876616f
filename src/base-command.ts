import { Command } from '@oclif/core';
import type { App } from './app.ts';
import type { Config } from './config.ts';
import { DomainError } from './domain/shared/errors.ts';

/** 0 done, 1 failed, 2 wrong usage or configuration, 3 a dependency is unreachable. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** How long a role may take to stop before it is cut, in milliseconds. */
export const STOP_TIMEOUT = 30_000;

/** SIGHUP comes from a terminal that is closed; Node forgets when it was told to ignore it. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What is left to do by then of a process that has stopped is never done: a handler that hangs, in milliseconds. */
const LEAVE = 1000;

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

/** What all commands share: --json, the configuration, exit codes and signals. Imports nothing heavy. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  /** Another process, which watches this one, has said already what both would say. */
  protected supervised = false;
  #warned = false;

  /** The configuration of this process; its warnings go to standard error, once. */
  protected async configuration(options: { readonly firstRun?: boolean } = {}): Promise<Config> {
    const { loadConfigFromProcess } = await import('./config.ts');
    const config = loadConfigFromProcess(options);
    // Not logToStderr, which says nothing under --json.
    if (!this.#warned && !this.supervised)
      for (const warning of config.warnings) process.stderr.write(`warning: ${warning}\n`);
    this.#warned = true;
    return config;
  }

  /** Opens the program on its database, runs `work`, and closes it whatever happens. Logs go to standard error. */
  protected async withApp<T>(work: (app: App) => Promise<T>): Promise<T> {
    const config = await this.configuration();
    const [{ createApp }, { createLog }] = await Promise.all([
      import('./app.ts'),
      import('./infra/log/pino-log.ts'),
    ]);
    const app = await createApp(config, { log: createLog({ ...config.logging, fd: 2 }) });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  /** Runs a role until SIGINT or SIGTERM, then stops it in order; a second signal or the time limit cuts it. */
  protected async runRole(start: (app: App) => Promise<Running>): Promise<void> {
    const config = await this.configuration();
    const [{ createApp }, { refuseShippedSuperuser }, { withMetrics }] = await Promise.all([
      import('./app.ts'),
      import('./app/shipped-superuser.ts'),
      import('./app/showing-metrics.ts'),
    ]);
    // From here on: a signal that comes while the role starts stops it in order as well.
    const signalled = this.#nextSignal();
    const app = await createApp(config);
    try {
      await refuseShippedSuperuser(app);
      const running = await withMetrics(app, await start(app));
      await this.untilSignal(running, signalled);
    } finally {
      await app.close();
      this.leave();
    }
  }

  protected async untilSignal(running: Running, signalled = this.#nextSignal()): Promise<void> {
    // A pending promise alone does not keep Node alive.
    const alive = setInterval(() => undefined, 60_000);
    const signal = await signalled;
    clearInterval(alive);
    if (!this.supervised) this.logToStderr(`${signal}: stopping (once more to stop at once)`);
    await running.stop();
  }

  /** From the first on the rest of its life is bounded, also a start under way, and what comes last: closing the database. */
  #nextSignal(): Promise<NodeJS.Signals> {
    return new Promise((resolve) => {
      let first = true;
      const heard = (signal: NodeJS.Signals): void => {
        if (!first) {
          this.again();
          return;
        }
        first = false;
        setTimeout(() => process.exit(EXIT.failed), STOP_TIMEOUT).unref();
        resolve(signal);
      };
      for (const name of STOP_SIGNALS) process.on(name, heard);
    });
  }

  /** A second signal. */
  protected again(): void {
    process.exit(EXIT.failed);
  }

  /** Everything has stopped: ends the process, also when something that nobody waits for keeps it alive. */
  protected leave(): void {
    setTimeout(() => process.exit(), LEAVE).unref();
  }

  /** Ends with wrong usage. */
  protected usage(message: string): never {
    this.error(message, { exit: EXIT.usage });
  }

  /** The value of a flag that takes JSON; anything else is wrong usage. */
  protected json(flag: string, text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      return this.usage(`${flag} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  protected override async catch(error: Error & { exitCode?: number }): Promise<unknown> {
    if (!(error instanceof DomainError)) {
      // With --json oclif forgets the exit code that its errors carry.
      if (this.jsonEnabled()) process.exitCode = oclifExit(error) ?? EXIT.failed;
      return super.catch(error);
    }
    process.exitCode = exitCodeOf(error);
    if (this.jsonEnabled()) {
      this.logJson(this.toErrorJson(error));
      return undefined;
    }
    this.logToStderr(`error: ${error.message}`);
    for (const issue of error.issues) this.logToStderr(`  ${issue.path}: ${issue.message}`);
    return undefined;
  }

  protected override toErrorJson(error: unknown): unknown {
    if (error instanceof DomainError) {
      const { code, message, issues } = error;
      return { error: { code, message, ...(issues.length > 0 ? { issues } : {}) } };
    }
    const code = oclifExit(error) === EXIT.usage ? 'usage' : 'failed';
    return { error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

const oclifExit = (error: unknown): number | undefined =>
  error instanceof Error ? (error as { oclif?: { exit?: number } }).oclif?.exit : undefined;

export function exitCodeOf(error: DomainError): number {
  if (error.kind === 'unavailable') return EXIT.unreachable;
  return error.kind === 'configuration' || error.kind === 'invalid' ? EXIT.usage : EXIT.failed;
}
