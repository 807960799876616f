import { setTimeout as delay } from 'node:timers/promises';
import type { Broker } from './broker.ts';
import { caughtUp, examineEffects, examinePartitions, prepareEffects } from './effects.ts';
import { EventWriter } from './event-writer.ts';
import { StockWriter } from './stock-writer.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const AGGREGATES = 20;
const VARIANTS = 10;
/** Between what happens to an order, in milliseconds: two workers on two cores can follow. */
const PAUSE = 500;

/** The broker is killed and started again under writes, with two relays and two workers. */
export async function proveBrokerKill(world: World, broker: Broker, kills: number): Promise<Proof> {
  const stage = await begin(world);
  let over = false;
  const killing = async (): Promise<void> => {
    for (let i = 0; i < kills; i++) {
      await delay(1500 + Math.random() * 1500);
      await broker.kill();
      await delay(Math.random() * 2000);
      await broker.start();
    }
    await delay(1000);
    over = true;
  };
  await Promise.all([killing(), write(stage, () => over)]);
  return end(world, stage, { kills });
}

/** The broker is away for a time in which events go on being committed. */
export async function proveBrokerDown(world: World, broker: Broker, seconds: number): Promise<Proof> {
  const stage = await begin(world);
  let over = false;
  const outage = async (): Promise<number> => {
    await delay(2000);
    await broker.kill();
    await delay(seconds * 1000);
    over = true;
    return stage.orders.pending();
  };
  const [backlog] = await Promise.all([outage(), write(stage, () => over)]);
  stage.verdict.holds('events waited while the broker was away', backlog > 0);
  await broker.start();
  return end(world, stage, { seconds, backlog });
}

interface Stage {
  readonly verdict: Verdict;
  readonly orders: EventWriter;
  readonly stock: StockWriter;
}

async function begin(world: World): Promise<Stage> {
  const stock = await StockWriter.open(world, VARIANTS);
  await prepareEffects(world);
  await world.start('outbox-dispatch', 'outbox-dispatch', 'worker', 'worker');
  return { verdict: new Verdict(), orders: new EventWriter(world, AGGREGATES), stock };
}

async function write({ orders, stock }: Stage, over: () => boolean): Promise<void> {
  await Promise.all([orders.write(over, PAUSE), stock.write(PAUSE, over)]);
}

/** The relays have a time to publish what waits; the consumers, which are slower, have another. */
async function end(
  world: World,
  { verdict, orders }: Stage,
  figures: Record<string, number>,
): Promise<Proof> {
  const drainedAfterSeconds = await orders.drained(verdict);
  const caughtUpAfterSeconds = await caughtUp(world, verdict);
  await world.stop('SIGTERM');
  const attempts = await world.count(
    "SELECT COUNT(*) AS n FROM outbox WHERE attempts > 0 OR status = 'dead'",
  );
  verdict.equal('events that the outage cost an attempt', attempts, 0);
  const found = {
    ...(await examinePartitions(world, verdict, 'order-events')),
    ...(await orders.verify(verdict)),
    ...(await examineEffects(world, verdict)),
  };
  return {
    figures: { ...figures, ...found, drainedAfterSeconds, caughtUpAfterSeconds },
    failures: verdict.failures,
  };
}
