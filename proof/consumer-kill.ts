import { setTimeout as delay } from 'node:timers/promises';
import { caughtUp, examineEffects, examinePartitions, prepareEffects } from './effects.ts';
import { until, verifyLog } from './event-writer.ts';
import type { Role } from './role.ts';
import { StockWriter } from './stock-writer.ts';
import { type Proof, Tally, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const VARIANTS = 30;
const WRITERS = 3;
/** Between two corrections of a writer: the proof is about consumers, not about the database. */
const PAUSE = 20;

/** Two workers consume while stock is corrected, beside two relays; by turns one of either dies by kill -9. */
export async function proveConsumerKill(world: World, seconds: number): Promise<Proof> {
  const verdict = new Verdict();
  const stock = await StockWriter.open(world, VARIANTS);
  await prepareEffects(world);
  const roles = await world.start('outbox-dispatch', 'outbox-dispatch', 'worker', 'worker');
  let over = false;
  const killing = async (): Promise<Kills> => {
    try {
      await until(async () => (await handledSoFar(world)) > 0);
      return await killByTurns(world, roles, Date.now() + seconds * 1000);
    } finally {
      over = true;
    }
  };
  const [{ kills, atWork }] = await Promise.all([
    killing(),
    ...Array.from({ length: WRITERS }, () => stock.write(PAUSE, () => over)),
  ]);
  const caughtUpAfterSeconds = await caughtUp(world, verdict);
  await world.stop('SIGTERM');
  const figures = {
    seconds,
    kills: kills.all,
    atWork,
    corrections: stock.written,
    ...(await examinePartitions(world, verdict, 'stock-events')),
    ...(await verifyLog(world, verdict, await world.count('SELECT COUNT(*) AS n FROM outbox'))),
    ...(await examineEffects(world, verdict)),
    caughtUpAfterSeconds,
    promises: await world.askDoctor(verdict),
  };
  verdict.holds('every correction is an event', figures.corrections <= figures.messages);
  for (const name of ['worker', 'outbox-dispatch'])
    verdict.holds(`one ${name} at least was killed`, kills.get(name) > 0);
  verdict.holds('a worker was killed while events were handled', atWork > 0);
  return { figures, failures: verdict.failures };
}

interface Kills {
  readonly kills: Tally;
  /** Kills of workers since whose last one events had been handled. */
  readonly atWork: number;
}

const handledSoFar = (world: World): Promise<number> => world.count('SELECT COUNT(*) AS n FROM inbox');

async function killByTurns(world: World, roles: readonly Role[], end: number): Promise<Kills> {
  const kills = new Tally();
  let [handled, atWork] = [0, 0];
  for (let n = 0; Date.now() < end; n++) {
    await delay(Math.min(700 + Math.random() * 1300, Math.max(0, end - Date.now())));
    const turn = roles.filter(({ name }) => name === (n % 2 === 0 ? 'worker' : 'outbox-dispatch'));
    const victim = turn[Math.floor(Math.random() * turn.length)];
    if (victim === undefined) throw new Error('there is nobody to kill');
    if (victim.name === 'worker') {
      const before = handled;
      handled = await handledSoFar(world);
      if (handled > before) atWork++;
    }
    await victim.end('SIGKILL');
    kills.add(victim.name);
    await victim.start();
  }
  return { kills, atWork };
}
