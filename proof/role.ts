import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../bench/processes.ts';

const STARTUP_LIMIT = 60_000;

/** One process of the program, which can be killed and started again on the same port. */
export class Role {
  readonly name: string;
  readonly url: string;
  readonly #args: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #log: string;
  readonly #port: number;
  #child: ChildProcess | undefined;
  #starts = 0;

  private constructor(
    name: string,
    port: number,
    { env, folder }: { env: NodeJS.ProcessEnv; folder: string },
  ) {
    this.name = name;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    // What is killed must be the process that works, not the one that watches it.
    this.#args = ['bin/run.js', name, ...(name === 'worker' ? ['--no-supervise'] : [])];
    this.#env = { ...env, HOST: '127.0.0.1', PORT: String(port) };
    this.#log = `${folder}/${name}-${port}.log`;
  }

  /** Starts it; a `serve` answers when this resolves. */
  static async start(name: string, at: { env: NodeJS.ProcessEnv; folder: string }): Promise<Role> {
    const role = new Role(name, await freePort(), at);
    await role.start();
    return role;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#args, {
      cwd: ROOT,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(this.#log, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('close', () => log.end());
    this.#child = child;
    this.#starts++;
    if (this.name === 'serve') await this.#answers(child);
  }

  async #answers(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + STARTUP_LIMIT;
    while (Date.now() < deadline && child.exitCode === null) {
      const status = await fetch(`${this.url}/healthz/`).then(
        (r) => r.status,
        () => 0,
      );
      if (status === 200) return;
      await delay(20);
    }
    throw new Error(`${this.name} on ${this.#port} does not answer:\n${this.log.slice(-2000)}`);
  }

  /** Ends it: SIGKILL as a power cut would, SIGTERM in order. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  /** What it has said so far. */
  get log(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
  }
}

/** Runs a command of the program to its end. */
export async function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string }> {
  const child = spawn(process.execPath, ['bin/run.js', ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, stdout: Buffer.concat(chunks).toString('utf8') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
