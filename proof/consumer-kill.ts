import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../src/domain/shared/ids.ts';
import { ManageStock } from '../src/domain/use-cases/manage-stock.ts';
import { RebuildStockProjection } from '../src/domain/use-cases/rebuild-stock-projection.ts';
import type { Role } from './role.ts';
import { type Proof, Tally, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const VARIANTS = 30;
const WRITERS = 3;
const UNITS = 1_000_000;
/** Between two corrections of a writer: the proof is about consumers, not about the database. */
const PAUSE = 20;
const CLERK = { type: 'system', name: 'proof' } as const;
/** For what was written to be handled, once nobody is killed any more, in milliseconds. */
const PATIENCE = 90_000;

interface Level {
  readonly variantId: string;
  readonly warehouseId: string;
}

/**
 * Two workers, of which one after the other dies by kill -9 and comes back, consume while stock is corrected. Each
 * event changes the stock projection by a difference, so an effect that was lost or done twice shows for ever.
 */
export async function proveConsumerKill(world: World, seconds: number): Promise<Proof> {
  const verdict = new Verdict();
  const levels = await prepare(world);
  const [relay, ...workers] = await world.start('outbox-dispatch', 'worker', 'worker');
  if (relay === undefined) throw new Error('nothing relays');
  const until = Date.now() + seconds * 1000;
  const [kills, ...written] = await Promise.all([
    killAtRandom(workers, until),
    ...Array.from({ length: WRITERS }, () => adjustAtRandom(world, levels, until)),
  ]);
  const caughtUpMs = await catchUp(world, verdict);
  await world.stop('SIGTERM');
  const wrong = await examine(world, verdict);
  const promises = await world.askDoctor(verdict);
  const lag = await world.lag();
  const figures = {
    seconds,
    log: world.database.config.kafka === undefined ? 'local' : 'kafka',
    partitions: new Set(lag.map(({ topic, partition }) => `${topic}/${partition}`)).size,
    kills: kills.all.worker ?? 0,
    corrections: written.reduce((sum, n) => sum + n, 0),
    events: await world.count("SELECT COUNT(*) AS n FROM outbox WHERE topic = 'stock-events'"),
    webhookDeliveries: await world.count('SELECT COUNT(*) AS n FROM webhook_deliveries'),
    caughtUpMs,
    wrong,
    promises,
  };
  verdict.holds('workers were killed', kills.get('worker') > 0);
  return { figures, failures: verdict.failures };
}

/** An endpoint that nobody may reach: its queue has one row for each event, as the consumer's effect. */
async function prepare(world: World): Promise<Level[]> {
  const variants = await world.variants(VARIANTS);
  for (const variant of variants) await world.stock(variant, UNITS);
  const { db, clock } = world.app;
  await new RebuildStockProjection(db, clock).run();
  const at = clock.now();
  const endpoint = {
    id: newId(),
    url: 'http://127.0.0.1:9/',
    description: 'proof',
    eventTypes: [],
    active: true,
  };
  await db.transaction((tx) =>
    tx.webhooks.insertEndpoint(
      { ...endpoint, disabledReason: undefined, failingSince: undefined, createdAt: at, version: 1 },
      '',
    ),
  );
  const rows = await world.rows<{ variant_id: string; warehouse_id: string }>(
    `SELECT variant_id, warehouse_id FROM stock_levels WHERE on_hand >= ${UNITS / 2} ORDER BY id`,
  );
  return rows.map((row) => ({ variantId: row.variant_id, warehouseId: row.warehouse_id }));
}

async function killAtRandom(workers: readonly Role[], until: number): Promise<Tally> {
  const kills = new Tally();
  while (Date.now() < until) {
    await delay(Math.min(700 + Math.random() * 1500, Math.max(0, until - Date.now())));
    const victim = workers[Math.floor(Math.random() * workers.length)];
    if (victim === undefined) continue;
    await victim.end('SIGKILL');
    kills.add('worker');
    await victim.start();
  }
  return kills;
}

async function adjustAtRandom({ app }: World, levels: readonly Level[], until: number): Promise<number> {
  const stock = new ManageStock(app);
  let written = 0;
  while (Date.now() < until) {
    const level = levels[Math.floor(Math.random() * levels.length)];
    if (level === undefined) throw new Error('there is no stock level');
    const delta = Math.random() < 0.5 ? -1 : 2;
    await stock.adjust(CLERK, { ...level, delta, reason: 'proof' });
    written += 1;
    await delay(PAUSE);
  }
  return written;
}

/** @returns how long it took until every group had read everything */
async function catchUp(world: World, verdict: Verdict): Promise<number> {
  const started = Date.now();
  while (Date.now() - started < PATIENCE) {
    const waiting = await world.count("SELECT COUNT(*) AS n FROM outbox WHERE status <> 'sent'");
    const behind = waiting === 0 ? (await world.lag()).reduce((sum, { lag }) => sum + lag, 0) : 1;
    if (behind === 0) return Date.now() - started;
    await delay(200);
  }
  verdict.failures.push(`after ${PATIENCE} ms there is still something to handle`);
  return PATIENCE;
}

async function examine(world: World, verdict: Verdict): Promise<number> {
  const wrong = await world.rows(
    `SELECT l.id, l.on_hand, l.reserved, p.on_hand AS projected FROM stock_levels l
     LEFT JOIN stock_projection p ON p.stock_level_id = l.id
     WHERE p.stock_level_id IS NULL OR p.on_hand <> l.on_hand OR p.reserved <> l.reserved LIMIT 3`,
  );
  verdict.equal('levels whose projection differs', wrong, []);
  const twice = await world.rows(
    'SELECT event_id, COUNT(*) AS n FROM webhook_deliveries GROUP BY event_id HAVING COUNT(*) <> 1 LIMIT 3',
  );
  verdict.equal('events that were queued twice for an endpoint', twice, []);
  const [events, queued, handled, dead] = await Promise.all(
    [
      'SELECT COUNT(*) AS n FROM outbox',
      'SELECT COUNT(*) AS n FROM webhook_deliveries',
      "SELECT COUNT(*) AS n FROM inbox WHERE consumer_group = 'webhooks'",
      'SELECT COUNT(*) AS n FROM consumer_dead_letters',
    ].map((text) => world.count(text)),
  );
  verdict.equal('events that were queued for an endpoint', queued, events);
  verdict.equal('events that the inbox has', handled, events);
  verdict.equal('messages that were buried', dead, 0);
  const unordered = await world.rows(
    `SELECT a.event_id FROM webhook_deliveries a JOIN webhook_deliveries b ON b.endpoint_id = a.endpoint_id AND b.position > a.position
     JOIN outbox x ON x.id = a.event_id JOIN outbox y ON y.id = b.event_id
     WHERE x.aggregate_id = y.aggregate_id AND x.sequence > y.sequence LIMIT 3`,
  );
  verdict.equal('events that were handled before an earlier one of their aggregate', unordered, []);
  return wrong.length + twice.length + unordered.length;
}
