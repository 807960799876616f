import { setTimeout as delay } from 'node:timers/promises';
import type { Broker } from './broker.ts';
import { EventWriter } from './event-writer.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const AGGREGATES = 20;
/** Far above what it takes on an idle machine: this is to find a relay that hangs. The figure is printed. */
const DRAIN_LIMIT = 60;

/** The broker is killed and started again under writes, with two relays. */
export async function proveBrokerKill(world: World, broker: Broker, kills: number): Promise<Proof> {
  const { verdict, writer } = await begin(world);
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
  await Promise.all([killing(), writer.write(() => over)]);
  const drainedAfterSeconds = await writer.drained(verdict);
  return end(world, { verdict, writer, figures: { kills, drainedAfterSeconds } });
}

/** The broker is away for a time in which events go on being committed. */
export async function proveBrokerDown(world: World, broker: Broker, seconds: number): Promise<Proof> {
  const { verdict, writer } = await begin(world);
  let over = false;
  const outage = async (): Promise<number> => {
    await delay(2000);
    await broker.kill();
    await delay(seconds * 1000);
    over = true;
    return writer.pending();
  };
  const [backlog] = await Promise.all([outage(), writer.write(() => over)]);
  verdict.holds('events waited while the broker was away', backlog > 0);
  await broker.start();
  const drainedAfterSeconds = await writer.drained(verdict);
  verdict.holds(`drained ${drainedAfterSeconds} s after the return`, drainedAfterSeconds < DRAIN_LIMIT);
  return end(world, { verdict, writer, figures: { seconds, backlog, drainedAfterSeconds } });
}

async function begin(world: World): Promise<{ verdict: Verdict; writer: EventWriter }> {
  const writer = new EventWriter(world, AGGREGATES);
  await world.start('outbox-dispatch', 'outbox-dispatch');
  return { verdict: new Verdict(), writer };
}

async function end(
  world: World,
  { verdict, writer, figures }: { verdict: Verdict; writer: EventWriter; figures: Record<string, number> },
): Promise<Proof> {
  await world.stop('SIGTERM');
  const found = await writer.verify(verdict);
  const attempts = await world.count(
    "SELECT COUNT(*) AS n FROM outbox WHERE attempts > 0 OR status = 'dead'",
  );
  verdict.equal('events that the outage cost an attempt', attempts, 0);
  return { figures: { ...figures, ...found }, failures: verdict.failures };
}
