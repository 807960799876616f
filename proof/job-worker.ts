/** A worker process with the proof's own job beside none: `job-worker.ts CONCURRENCY`, ended by SIGTERM in order. */
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { createLog } from '../src/infra/log/pino-log.ts';
import { workHandler } from './job-effects.ts';

const GRACE = 20_000;

const config = loadConfig({ env: process.env });
const app = await createApp(config, { log: createLog({ ...config.logging, fd: 2 }) });
const work = await app.work();
const jobs = await work.jobs.start({
  handlers: [workHandler(app.connections)],
  concurrency: Number(process.argv[2]),
  workerId: newId(),
});
process.once('SIGTERM', () => {
  void jobs
    .stop(GRACE)
    .then(() => app.close())
    .then(() => process.exit(0));
});
console.log('working');
