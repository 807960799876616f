import cluster from 'node:cluster';
import { once } from 'node:events';

/** A process that dies sooner than this is not started again at once, in milliseconds. */
const SHORT_LIFE = 1000;

/** Runs this same command in `count` processes that share its port; one that dies is replaced. */
export function startProcesses(count: number, tell: (line: string) => void): { stop(): Promise<void> } {
  let stopping = false;
  const fork = (): void => {
    const started = Date.now();
    const worker = cluster.fork();
    worker.on('exit', (code, signal) => {
      if (stopping) return;
      tell(`process ${worker.process.pid ?? 0} ended (${signal || code}); starting another`);
      setTimeout(fork, Date.now() - started < SHORT_LIFE ? SHORT_LIFE : 0);
    });
  };
  for (let i = 0; i < count; i++) fork();
  return {
    stop: async () => {
      stopping = true;
      const workers = Object.values(cluster.workers ?? {}).filter((w) => w !== undefined);
      await Promise.all(
        workers.map(async (worker) => {
          const ended = once(worker, 'exit');
          worker.process.kill('SIGTERM');
          await ended;
        }),
      );
    },
  };
}
