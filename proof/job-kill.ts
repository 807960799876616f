import { setTimeout as delay } from 'node:timers/promises';
import { countEffects } from './job-effects.ts';
import { JobWorld } from './job-world.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const WORKERS = 3;
const CONCURRENCY = 8;
/** A job takes up to so long, in milliseconds. */
const LONGEST = 10;
const MAX_SECONDS = 540;

/** Workers are killed at random: each job's effect happens once, and none is lost or stuck. */
export async function proveJobKill(world: World, count: number): Promise<Proof> {
  const verdict = new Verdict();
  const jobs = await JobWorld.open(world);
  try {
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => jobs.worker(CONCURRENCY)));
    const started = Date.now();
    let kills = 0;
    const end = new AbortController();
    const killing = (async () => {
      while (!end.signal.aborted) {
        const victim = workers[Math.floor(Math.random() * workers.length)];
        await delay(500 + Math.random() * 1500);
        if (victim === undefined) continue;
        await victim.end('SIGKILL');
        kills++;
        await victim.start();
      }
    })();
    await jobs.enqueue(0, count, (number) => number % LONGEST);
    const finished = await jobs.until(async () => {
      const { effects } = await countEffects(world.app.connections);
      // To the end under fire: the last jobs are killed like the first.
      return effects >= count && (await jobs.inState('running')) + (await jobs.inState('ready')) === 0;
    }, MAX_SECONDS);
    end.abort();
    await killing;
    const seconds = Math.round((Date.now() - started) / 100) / 10;
    const counts = await countEffects(world.app.connections);
    verdict.holds('every job is done in time', finished);
    verdict.holds('some workers were killed', kills > 0);
    verdict.equal('effects', counts.effects, count);
    verdict.equal('succeeded jobs', await jobs.inState('succeeded'), count);
    for (const state of ['ready', 'running', 'retrying', 'scheduled', 'dead', 'cancelled'] as const)
      verdict.equal(`${state} jobs`, await jobs.inState(state), 0);
    return {
      figures: {
        jobs: count,
        kills,
        seconds,
        tries: counts.tries,
        cutOff: counts.unended,
        repeated: counts.repeated,
      },
      failures: verdict.failures,
    };
  } finally {
    await jobs.stop();
  }
}
