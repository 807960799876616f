import type { JobHandler } from '../../src/domain/jobs/job-runner.ts';
import { maintenance } from '../../src/jobs/handlers/maintenance.ts';
import { sendAlerts } from '../../src/jobs/handlers/send-alerts.ts';
import { schedules } from '../../src/jobs/schedules.ts';
import type { TestApp } from './setup-app.ts';

/** Does what the schedule of this name does, with the data that it is declared with. @returns the job's result */
export async function runSchedule(t: TestApp, name: string, jobId = 'x'): Promise<unknown> {
  const schedule = schedules.find((s) => s.name === name);
  const work = await t.app.work();
  const handlers: readonly JobHandler[] = [...maintenance(work), ...sendAlerts(work)];
  const handler = handlers.find((h) => h.name === schedule?.job);
  if (schedule === undefined || handler === undefined) throw new Error(`no schedule ${name}`);
  return handler.run(schedule.data, { jobId, attempt: 1, signal: new AbortController().signal });
}
