import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRelay } from '../../src/jobs/relay.ts';
import { startScheduler } from '../../src/jobs/scheduler.ts';
import type { RunningRole } from '../../src/jobs/work.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import type { TestApp } from './setup-app.ts';

/** The relay, the worker and the scheduler, as `up` runs them. */
export async function startRoles({ app }: TestApp): Promise<RunningRole> {
  const roles = [await startRelay(app), await startWorker(app), await startScheduler(app)];
  return {
    stop: async () => {
      await Promise.all(roles.map((role) => role.stop()));
    },
  };
}

/** The mails that were written, by name. */
export function mails({ app }: TestApp): { name: string; content: string }[] {
  const directory = join(app.config.dataDir, 'mail');
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => ({ name, content: readFileSync(join(directory, name), 'utf8') }));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}
