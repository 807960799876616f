import { hostname } from 'node:os';
import type { WorkerBeat } from '../domain/jobs/worker.store.ts';
import { newId } from '../domain/shared/ids.ts';
import { errorFacts } from '../domain/shared/log.ts';
import type { RunningRole, WorkingApp } from './work.ts';

/** Well within the 30 seconds after which a worker counts as gone. */
const INTERVAL = 8000;

/** Shows this process to the probes and to the operators while its role runs. */
export async function startHeartbeat(
  app: WorkingApp,
  role: Pick<WorkerBeat, 'role' | 'queues' | 'concurrency'>,
): Promise<RunningRole> {
  const { heartbeat, version } = await app.work();
  const worker: WorkerBeat = {
    ...role,
    version,
    id: newId(),
    host: hostname(),
    pid: process.pid,
    startedAt: app.clock.now(),
  };
  await heartbeat.beat(worker);
  const timer = setInterval(() => {
    heartbeat
      .beat(worker)
      .catch((error: unknown) => app.log.warn(errorFacts(error), 'the heartbeat was not stored'));
  }, INTERVAL);
  return {
    stop: async () => {
      clearInterval(timer);
      await heartbeat.leave(worker.id).catch((error: unknown) => {
        app.log.warn(errorFacts(error), 'the process could not sign off');
      });
    },
  };
}
