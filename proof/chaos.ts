import { setTimeout as delay } from 'node:timers/promises';
import { errorFacts } from '../src/domain/shared/log.ts';
import { LoadOfBuyers } from './chaos-load.ts';
import type { Role } from './role.ts';
import { type Proof, Tally, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const CLIENTS = 12;
const VARIANTS = 6;
const UNITS = 60;

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
  const load = new LoadOfBuyers(world, {
    urls: roles.slice(0, 2).map((role) => role.url),
    staff,
    variants,
  });
  await load.offer();
  const until = Date.now() + seconds * 1000;
  const [kills, expired] = await Promise.all([
    killAtRandom(roles, until),
    expireAtRandom(world, until),
    ...buyers.map((buyer) => load.run(buyer, until)),
  ]);
  await world.stop('SIGTERM');
  await examine(world, verdict, { load, before });
  const promises = await world.askDoctor(verdict);
  world.checkLogs(verdict);
  const statuses = 'SELECT status, COUNT(*) AS n FROM orders GROUP BY status ORDER BY status';
  const orders = await world.rows<{ status: string; n: unknown }>(statuses);
  const figures = {
    seconds,
    kills: kills.all,
    expired,
    answers: load.answers.all,
    brokenConnections: load.broken,
    orders: Object.fromEntries(orders.map(({ status, n }) => [status, Number(n)])),
    promises,
  };
  return { figures, failures: verdict.failures };
}

async function examine(
  world: World,
  verdict: Verdict,
  { load, before }: { load: LoadOfBuyers; before: ReadonlyMap<string, number> },
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

async function killAtRandom(roles: readonly Role[], until: number): Promise<Tally> {
  const kills = new Tally();
  while (Date.now() < until) {
    await delay(Math.min(500 + Math.random() * 1500, Math.max(0, until - Date.now())));
    const victim = roles[Math.floor(Math.random() * roles.length)];
    if (victim === undefined) continue;
    await victim.end('SIGKILL');
    kills.add(victim.name);
    await victim.start();
  }
  return kills;
}

/** Time passes for some unpaid orders; this process, a third beside the servers, expires them and returns money. */
async function expireAtRandom(world: World, until: number): Promise<number> {
  const { trade, connections, clock, log } = world.app;
  let expired = 0;
  while (Date.now() < until) {
    await delay(400);
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
