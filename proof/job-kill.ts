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
/** Effects between two kills, on average: at most, and for so many kills at least. */
const MAX_PAUSE = 250;
const MIN_KILLS = 5;
/** How often progress is looked at, in milliseconds. */
const LOOK = 10;

/** Workers are killed at random: each job's effect happens once, and none is lost or stuck. */
export async function proveJobKill(world: World, count: number): Promise<Proof> {
  const verdict = new Verdict();
  const jobs = await JobWorld.open(world);
  try {
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => jobs.worker(CONCURRENCY)));
    const started = Date.now();
    let kills = 0;
    const enough = new AbortController();
    /** Waits for so many effects. @returns false when there will be no more */
    const reached = async (effects: number): Promise<boolean> => {
      while (!enough.signal.aborted) {
        if ((await countEffects(world.app.connections)).effects >= effects) return true;
        await delay(LOOK);
      }
      return false;
    };
    // By what is done and not by time: a fast machine is disturbed as much as a slow one.
    const killing = (async () => {
      const pause = Math.min(MAX_PAUSE, count / MIN_KILLS);
      for (let next = pause * Math.random(); await reached(next); next += pause * (0.5 + Math.random())) {
        const victim = workers[Math.floor(Math.random() * workers.length)];
        if (victim === undefined || next >= count) return;
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
    enough.abort();
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
