import { hostname } from 'node:os';
import type { WorkerBeat, WorkerCommand, WorkerLoad } from '../domain/jobs/worker.store.ts';
import { newId } from '../domain/shared/ids.ts';
import { errorFacts } from '../domain/shared/log.ts';
import { Wake } from '../domain/shared/wake.ts';
import type { RunningRole, WorkingApp } from './work.ts';

/** Well within the 30 seconds after which a worker counts as gone. */
const BEAT = 5000;
/** How soon a command from another process is found, in milliseconds. */
const LOOK = 1000;

export interface BeatingRole extends Pick<WorkerBeat, 'role' | 'queues'> {
  readonly id?: string;
  /** As of now: it may change. */
  concurrency(): number;
  /** What it does; nothing by default. */
  work?(): Pick<WorkerLoad, 'running' | 'processed' | 'stopping'>;
  /** What it is told to do. */
  obey?(command: WorkerCommand): void;
}

const IDLE = { running: 0, processed: 0, stopping: false };

/** Shows this process to the probes and to the operators while its role runs, and brings it their commands. */
export async function startHeartbeat(app: WorkingApp, role: BeatingRole): Promise<RunningRole> {
  const work = await app.work();
  const { heartbeat, version, workers } = work;
  const loadOf = measureLoad();
  const fixed = {
    role: role.role,
    queues: role.queues,
    version,
    id: role.id ?? newId(),
    host: hostname(),
    pid: process.pid,
    startedAt: app.clock.now(),
  };
  const beat = (): Promise<void> =>
    heartbeat.beat({
      ...fixed,
      concurrency: role.concurrency(),
      load: { ...loadOf(), ...(role.work?.() ?? IDLE) },
    });
  await beat();
  let stopping = false;
  const wake = new Wake();
  const live = async (): Promise<void> => {
    let lastBeat = Date.now();
    while (!stopping) {
      await wake.sleep(role.obey === undefined ? BEAT : LOOK);
      try {
        const told = role.obey !== undefined && (await workers.hasCommands(fixed.id));
        const commands = told ? await heartbeat.commands(fixed.id) : [];
        for (const command of commands) role.obey?.(command);
        if (commands.length === 0 && Date.now() - lastBeat < BEAT) continue;
        await beat();
        lastBeat = Date.now();
      } catch (error) {
        app.log.warn(errorFacts(error), 'the heartbeat was not stored');
      }
    }
  };
  const done = live();
  const unsubscribe = work.onCommand(wake.wake);
  return {
    stop: async () => {
      unsubscribe();
      stopping = true;
      wake.wake();
      await done;
      await heartbeat.leave(fixed.id).catch((error: unknown) => {
        app.log.warn(errorFacts(error), 'the process could not sign off');
      });
    },
  };
}

/** Of this process, since it was asked last. */
function measureLoad(): () => Pick<WorkerLoad, 'cpuPercent' | 'memoryMegabytes'> {
  let [cpu, at] = [process.cpuUsage(), performance.now()];
  return () => {
    const used = process.cpuUsage(cpu);
    const passed = performance.now() - at;
    [cpu, at] = [process.cpuUsage(), performance.now()];
    return {
      cpuPercent: passed < 1 ? 0 : Math.round((used.user + used.system) / 10 / passed),
      memoryMegabytes: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    };
  };
}
