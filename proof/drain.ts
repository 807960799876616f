import { setTimeout as delay } from 'node:timers/promises';
import { countEffects } from './job-effects.ts';
import { JobWorld } from './job-world.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const JOBS = 60;
const CONCURRENCY = 8;
const MILLISECONDS = 150;

/** A busy worker is told to end: what it runs finishes, the rest stays free for others, and nothing runs twice. */
export async function proveDrain(world: World, rounds: number): Promise<Proof> {
  const verdict = new Verdict();
  const jobs = await JobWorld.open(world);
  const stops: number[] = [];
  let left = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const stopping = await jobs.worker(CONCURRENCY);
      const before = await countEffects(world.app.connections);
      await jobs.enqueue(round * JOBS, JOBS, () => MILLISECONDS);
      await jobs.until(async () => (await countEffects(world.app.connections)).tries > before.tries, 30);
      await delay(Math.random() * MILLISECONDS * 3);
      const start = Date.now();
      verdict.equal('exit code', await stopping.end('SIGTERM'), 0);
      stops.push(Date.now() - start);
      verdict.equal('running jobs after it ended', await jobs.inState('running'), 0);
      verdict.equal('tries that were cut off', (await countEffects(world.app.connections)).unended, 0);
      left += await jobs.inState('ready');
      const other = await jobs.worker(CONCURRENCY);
      await jobs.until(async () => (await jobs.inState('ready')) + (await jobs.inState('running')) === 0, 60);
      verdict.equal('exit code', await other.end('SIGTERM'), 0);
    }
    const counts = await countEffects(world.app.connections);
    verdict.equal('effects', counts.effects, rounds * JOBS);
    verdict.equal('tries', counts.tries, rounds * JOBS);
    verdict.equal('succeeded jobs', await jobs.inState('succeeded'), rounds * JOBS);
    verdict.holds('some jobs were left for others', left > 0);
    return {
      figures: { rounds, jobs: rounds * JOBS, leftForOthers: left, slowestStop: Math.max(...stops) },
      failures: verdict.failures,
    };
  } finally {
    await jobs.stop();
  }
}
