import { setTimeout as delay } from 'node:timers/promises';
import { errorFacts } from '../src/domain/shared/log.ts';
import { ChaosClient } from './chaos-client.ts';
import { act, deliverSome, offer } from './chaos-load.ts';
import { Killer, killsDue } from './kills.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const CLIENTS = 12;
const VARIANTS = 6;
const UNITS = 60;
const DELIVERED = 6;

/**
 * Mixed load on two server processes, a worker and a relay, of which one after the other dies by kill -9 and comes
 * back; orders expire meanwhile. Afterwards every promise of doctor --data must hold.
 */
export async function proveChaos(world: World, seconds: number): Promise<Proof> {
  const verdict = new Verdict();
  const [clerk, ...buyers] = await world.buyers(CLIENTS + 1);
  if (clerk === undefined) throw new Error('nobody is staff');
  const staff = await world.staff(clerk);
  const variants = await world.variants(VARIANTS);
  for (const variant of variants) await world.stock(variant, UNITS);
  const before = await unitsOf(world);
  const roles = await world.start('serve', 'serve', 'worker', 'outbox-dispatch');
  const load = new ChaosClient(world, {
    urls: roles.slice(0, 2).map((role) => role.url),
    staff,
    variants,
  });
  await offer(load);
  await deliverSome(load, buyers.slice(0, DELIVERED));
  const killer = new Killer(roles);
  const until = Date.now() + seconds * 1000;
  const [expired] = await Promise.all([
    expireAtRandom(world, until),
    killer.run(until),
    ...buyers.map((buyer) => act(load, buyer, until)),
  ]);
  verdict.holds(`only ${killer.total} kills in ${seconds} s`, killer.total >= killsDue(seconds));
  await world.stop('SIGTERM');
  await examine(world, verdict, { load, before });
  const promises = await world.askDoctor(verdict);
  world.checkLogs(verdict);
  const figures = {
    seconds,
    kills: { total: killer.total, ...killer.kills.all },
    expired,
    answers: load.answers.all,
    brokenConnections: load.broken,
    orders: await byStatus(world, 'orders'),
    refunds: await byStatus(world, 'refunds'),
    returns: await byStatus(world, 'order_returns'),
    promises,
  };
  return { figures, failures: verdict.failures };
}

async function byStatus(
  world: World,
  table: 'orders' | 'refunds' | 'order_returns',
): Promise<Record<string, number>> {
  const rows = await world.rows<{ status: string; n: unknown }>(
    `SELECT status, COUNT(*) AS n FROM ${table} GROUP BY status ORDER BY status`,
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, Number(n)]));
}

async function examine(
  world: World,
  verdict: Verdict,
  { load, before }: { load: ChaosClient; before: ReadonlyMap<string, number> },
): Promise<void> {
  verdict.failures.push(...load.failures);
  verdict.holds('some orders were placed', (await world.count('SELECT COUNT(*) AS n FROM orders')) > 0);
  for (const [outcome, n] of Object.entries(load.answers.all)) {
    verdict.holds(
      `${n} answers ${outcome}`,
      !/ (?:500|501|502|504)/.test(` ${outcome.split(' ').at(1) ?? ''}`),
    );
  }
  const after = await unitsOf(world);
  for (const [level, units] of before)
    verdict.equal(`units of stock level ${level}`, after.get(level), units);
}

/** What each level would hold had nothing been corrected or shipped: it never changes. */
async function unitsOf(world: World): Promise<Map<string, number>> {
  const rows = await world.rows<{ id: string; n: unknown }>(
    `SELECT l.id, l.on_hand
       - COALESCE((SELECT SUM(a.delta) FROM stock_adjustments a WHERE a.stock_level_id = l.id), 0)
       + COALESCE((SELECT SUM(r.quantity) FROM reservations r WHERE r.stock_level_id = l.id AND r.status = 'committed'), 0) AS n
     FROM stock_levels l ORDER BY l.id`,
  );
  return new Map(rows.map(({ id, n }) => [id, Number(n)]));
}

/** Time passes for some unpaid orders; this process, a third beside the servers, expires them and returns money. */
async function expireAtRandom(world: World, until: number): Promise<number> {
  const { trade, connections, clock, log } = world.app;
  let expired = 0;
  while (Date.now() < until) {
    await delay(1_000);
    try {
      const some = await world.rows<{ id: string }>(
        "SELECT id FROM orders WHERE status = 'pending_payment' ORDER BY id DESC LIMIT 1",
      );
      await connections.write(async (sql) => {
        for (const { id } of some)
          await sql.run('UPDATE orders SET expires_at = ? WHERE id = ?', [clock.now(), id]);
      });
      expired += await trade.expireUnpaidOrders.run(20);
      await trade.giveBackMoney.sweep(20);
    } catch (error) {
      log.warn(errorFacts(error), 'expiry comes again');
    }
  }
  return expired;
}
