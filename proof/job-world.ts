import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../bench/processes.ts';
import type { JobState } from '../src/domain/jobs/job-record.ts';
import { createEffects, Work } from './job-effects.ts';
import type { World } from './world.ts';

const BATCH = 100;

/** A worker process of the proof's own, which can be killed and started again. */
export class JobWorker {
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly #concurrency: number;
  #child: ChildProcess | undefined;

  constructor(env: NodeJS.ProcessEnv, folder: string, concurrency: number) {
    this.#env = env;
    this.#folder = folder;
    this.#concurrency = concurrency;
  }

  /** Resolves when it takes jobs. */
  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      ['--import', './bench/register.js', 'proof/job-worker.ts', String(this.#concurrency)],
      {
        cwd: ROOT,
        env: this.#env,
        stdio: ['ignore', 'pipe', openSync(`${this.#folder}/job-worker.log`, 'a')],
      },
    );
    this.#child = child;
    const ended = once(child, 'close').then(() => {
      throw new Error(`a worker ended before it took jobs: see ${this.#folder}/job-worker.log`);
    });
    const { stdout } = child;
    if (stdout === null) throw new Error('no output');
    await Promise.race([once(stdout, 'data'), ended]);
    ended.catch(() => undefined);
  }

  /** @returns its exit code, null when it was killed */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const ended = once(child, 'close') as Promise<[number | null]>;
    child.kill(signal);
    const [code] = await ended;
    return code;
  }
}

/** What the proofs of jobs share. */
export class JobWorld {
  readonly world: World;
  readonly #workers: JobWorker[] = [];

  private constructor(world: World) {
    this.world = world;
  }

  static async open(world: World): Promise<JobWorld> {
    await createEffects(world.app.connections);
    return new JobWorld(world);
  }

  async worker(concurrency: number): Promise<JobWorker> {
    const worker = new JobWorker(this.world.database.env, this.world.folder, concurrency);
    this.#workers.push(worker);
    await worker.start();
    return worker;
  }

  /** Jobs numbered from `first` on, each of so many milliseconds. */
  async enqueue(first: number, count: number, milliseconds: (number: number) => number): Promise<void> {
    for (let start = first; start < first + count; start += BATCH) {
      await this.world.app.db.transaction(async (tx) => {
        const end = Math.min(start + BATCH, first + count);
        for (let number = start; number < end; number++) {
          await tx.jobs.enqueue(Work, { number, milliseconds: milliseconds(number) });
        }
      });
    }
  }

  /** Jobs in this state, as operators see them. */
  async inState(state: JobState): Promise<number> {
    const { jobs } = await this.world.app.control();
    let [count, cursor]: [number, string | undefined] = [0, undefined];
    do {
      const page = await jobs.page({ state, name: Work.name }, { limit: 500, ...(cursor && { cursor }) });
      count += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return count;
  }

  /** @returns false when it does not come true in time */
  async until(done: () => Promise<boolean>, seconds: number): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline) {
      if (await done()) return true;
      await delay(100);
    }
    return false;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end('SIGKILL')));
  }
}
