import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const STARTER = fileURLToPath(new URL('../../../shared/services/kafka-up', import.meta.url));
const run = promisify(execFile);

/** Starts the broker of a folder, or finds it running: by KAFKA_UP, which is told more by `settings`. @returns its pid */
export async function startKafka(
  folder: string,
  port: number,
  settings: NodeJS.ProcessEnv = {},
): Promise<number> {
  const env = { ...process.env, ...settings };
  const { stdout } = await run(process.env.KAFKA_UP ?? STARTER, [folder, String(port)], { env });
  return Number(stdout.trim());
}

/** As a power cut would. @returns when it is gone */
export async function killKafka(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await delay(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
