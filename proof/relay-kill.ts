import { setTimeout as delay } from 'node:timers/promises';
import { EventWriter, until } from './event-writer.ts';
import type { Role } from './role.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const AGGREGATES = 30;

/**
 * Two relays under writes, each killed again and again at a moment of chance: after it claimed, after it sent,
 * before it marked. What it had claimed is taken over when the lease ends.
 */
export async function proveRelayKill(world: World, kills: number): Promise<Proof> {
  const verdict = new Verdict();
  const writer = new EventWriter(world, AGGREGATES);
  const relays = await world.start('outbox-dispatch', 'outbox-dispatch');
  let left = kills;
  let withBatchInHand = 0;
  const killer = async (relay: Role): Promise<void> => {
    while (left > 0) {
      left--;
      await until(() => relay.log.split('relaying').length > relay.starts);
      await delay(Math.random() * 300);
      await relay.end('SIGKILL');
      if ((await leases(world)) > 0) withBatchInHand++;
      await relay.start();
    }
  };
  await Promise.all([...relays.map(killer), writer.write(() => left <= 0)]);
  const drainedAfterSeconds = await writer.drained(verdict);
  await world.stop('SIGTERM');
  const found = await writer.verify(verdict);
  const attempts = await world.count('SELECT COUNT(*) AS n FROM outbox WHERE attempts > 0');
  verdict.equal('attempts that a kill cost', attempts, 0);
  const log = world.database.config.kafka === undefined ? 'embedded' : 'kafka';
  return {
    figures: { log, kills, withBatchInHand, ...found, drainedAfterSeconds },
    failures: verdict.failures,
  };
}

const leases = (world: World): Promise<number> =>
  world.count('SELECT COUNT(*) AS n FROM outbox WHERE lease_owner IS NOT NULL');
