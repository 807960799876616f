import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STARTUP_LIMIT = 30_000;

export interface Server {
  readonly url: string;
  /** Milliseconds of CPU used so far; undefined where /proc does not tell. */
  cpu(): number | undefined;
  stop(): Promise<void>;
}

/** Starts `node ARGS` with PORT set, and waits until `path` answers 200. */
export async function startServer(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  path: string,
): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = (): Promise<void> => terminate(child);
  try {
    await untilServed(child, url + path);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, cpu: () => cpuOf(child.pid), stop };
}

/** From /proc/PID/stat, in ticks of 10 ms: user and system time are the 14th and 15th field. */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid ?? ''}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

async function untilServed(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + STARTUP_LIMIT;
  while (child.exitCode === null && Date.now() < deadline) {
    const status = await fetch(url).then(
      (r) => r.status,
      () => 0,
    );
    if (status === 200) return;
    await delay(3);
  }
  throw new Error(`${child.spawnargs.join(' ')} does not serve ${url}`);
}

async function terminate(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
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

/** Runs a TypeScript file of this folder in a process of its own, handing it a value and taking its answer. */
export async function runWorker<T>(file: string, input: unknown): Promise<T> {
  const child = spawn(process.execPath, ['--import', './bench/register.js', `bench/${file}`], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
}
