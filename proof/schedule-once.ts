import { setTimeout as delay } from 'node:timers/promises';
import type { Control } from '../src/app/control.ts';
import type { ScheduleRun } from '../src/domain/jobs/schedule.store.ts';
import type { Actor } from '../src/domain/shared/actor.ts';
import type { Role } from './role.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const PROOF: Actor = { type: 'system', name: 'proof' };
const PAGE = 500;

/** Ticks of these, with their distance in seconds. */
const SCHEDULES = [
  { name: 'expire-unpaid-orders', cron: '* * * * * *', seconds: 1 },
  { name: 'purge-credentials', cron: '*/2 * * * * *', seconds: 2 },
  { name: 'reconcile-payments', cron: '@every 3s', seconds: 3 },
] as const;

/** Two schedulers, one of which is killed at random: each tick fires once, and becomes one job. */
export async function proveScheduleOnce(world: World, seconds: number): Promise<Proof> {
  const verdict = new Verdict();
  const schedulers = await world.start('scheduler', 'scheduler');
  const { schedules } = await world.app.control();
  while ((await schedules.list()).length === 0) await delay(50);
  for (const { name, cron } of SCHEDULES) await schedules.edit(PROOF, name, { cron });
  const until = Date.now() + seconds * 1000;
  const kills = await killAtRandom(schedulers, until);
  for (const { name } of SCHEDULES) await schedules.edit(PROOF, name, { enabled: false });
  await world.stop('SIGTERM');
  const ticks: Record<string, number> = {};
  for (const schedule of SCHEDULES) {
    const runs = await runsOf(schedules, schedule.name);
    ticks[schedule.name] = runs.length;
    examine(verdict, schedule, runs);
    verdict.holds(`${schedule.name} fired all the time`, runs.length >= (seconds - 2) / schedule.seconds - 1);
    const jobs = await world.count(
      `SELECT COUNT(*) AS n FROM jobs WHERE unique_key LIKE 'schedule:${schedule.name}:%'`,
    );
    verdict.equal(`jobs of ${schedule.name}`, jobs, runs.length);
  }
  verdict.holds('some schedulers were killed', kills > 0);
  return { figures: { seconds, kills, ticks }, failures: verdict.failures };
}

function examine(
  verdict: Verdict,
  { name, seconds }: (typeof SCHEDULES)[number],
  runs: readonly ScheduleRun[],
): void {
  runs.forEach((run, i) => {
    const before = runs[i - 1];
    if (run.outcome !== 'fired') verdict.failures.push(`${name}: a tick was ${run.outcome}`);
    if (before === undefined) return;
    const distance = (run.tickAt.getTime() - before.tickAt.getTime()) / 1000;
    if (distance !== seconds) verdict.failures.push(`${name}: ${distance} s between two ticks`);
  });
}

/** Oldest tick first. */
async function runsOf(schedules: Control['schedules'], name: string): Promise<ScheduleRun[]> {
  const runs: ScheduleRun[] = [];
  let cursor: string | undefined;
  do {
    const page = await schedules.history(name, { limit: PAGE, ...(cursor && { cursor }) });
    runs.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return runs.sort((a, b) => a.tickAt.getTime() - b.tickAt.getTime());
}

/** One at a time: the other goes on. */
async function killAtRandom(schedulers: readonly Role[], until: number): Promise<number> {
  let kills = 0;
  while (Date.now() < until) {
    await delay(Math.min(1000 + Math.random() * 4000, Math.max(0, until - Date.now())));
    const victim = schedulers[Math.floor(Math.random() * schedulers.length)];
    if (victim === undefined || Date.now() >= until) continue;
    await victim.end('SIGKILL');
    kills++;
    await victim.start();
  }
  return kills;
}
