/** Runs jobs that do nothing, and tells how fast: `job-worker.ts throughput|latency COUNT CONCURRENCY`. */
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { handlerOf } from '../src/domain/jobs/job-runner.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { createLog } from '../src/infra/log/pino-log.ts';
import { Nothing } from './nothing.job.ts';

const [what, counted, concurrency] = process.argv.slice(2);
const count = Number(counted);
const config = loadConfig({ env: process.env });
const app = await createApp(config, { log: createLog({ ...config.logging, level: 'error', fd: 2 }) });
const work = await app.work();
let start: number | undefined;
const waits: number[] = [];
const jobs = await work.jobs.start({
  handlers: [
    handlerOf(Nothing, ({ at }) => {
      start ??= performance.now();
      if (what === 'latency') waits.push(Date.now() - at);
      return Promise.resolve();
    }),
  ],
  concurrency: Number(concurrency),
  workerId: newId(),
});
process.stdout.write('working\n');
// Stored, not only run.
while (jobs.load().processed < count) await delay(2);
const seconds = (performance.now() - (start ?? 0)) / 1000;
await jobs.stop(5000);
await app.close();
waits.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({ rate: count / seconds, p50: waits[Math.floor(count / 2)] ?? null })}\n`,
);
process.exit(0);
