import { setTimeout as delay } from 'node:timers/promises';
import { unlessAway } from '../src/domain/shared/errors.ts';
import { newId } from '../src/domain/shared/ids.ts';
import { CONSUMER_GROUPS } from '../src/jobs/consumers/consumers.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

/** For consumers to catch up, in milliseconds: a while, and more for what they are behind, which is in messages. */
const patienceFor = (behind: number): number => 90_000 + behind * 40;

/** Topics, and an endpoint that nobody may reach: its queue has one row for each event, as the consumer's effect. */
export async function prepareEffects({ app }: World): Promise<void> {
  const { db, clock } = app;
  await (await app.work()).eventLog.ensureTopics();
  const endpoint = {
    id: newId(),
    url: 'http://127.0.0.1:9/',
    description: 'proof',
    eventTypes: [],
    active: true,
  };
  await db.transaction((tx) =>
    tx.webhooks.insertEndpoint(
      {
        ...endpoint,
        disabledReason: undefined,
        failingSince: undefined,
        createdAt: clock.now(),
        version: 1,
      },
      '',
    ),
  );
}

/** Everything that was committed is published, and every group has read it. @returns the seconds it took */
export async function caughtUp(world: World, verdict: Verdict): Promise<number> {
  const started = Date.now();
  const patience = patienceFor(await behind(world));
  while ((await behind(world)) > 0) {
    if (Date.now() - started > patience) {
      verdict.failures.push(`after ${patience} ms there is still something to handle`);
      break;
    }
    await delay(200);
  }
  return (Date.now() - started) / 1000;
}

async function behind(world: World): Promise<number> {
  const waiting = await world.count("SELECT COUNT(*) AS n FROM outbox WHERE status <> 'sent'");
  const lags = await unlessAway(world.lag());
  // A broker that has just started loads its groups for some seconds.
  return lags === undefined ? waiting + 1 : lags.reduce((sum, { lag }) => sum + lag, waiting);
}

/** Every effect of the published events is in the database exactly once, and in their order. */
export async function examineEffects(world: World, verdict: Verdict): Promise<Record<string, number>> {
  const handled = await examineInbox(world, verdict);
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
  const events = await world.count('SELECT COUNT(*) AS n FROM outbox');
  const webhookDeliveries = await world.count('SELECT COUNT(*) AS n FROM webhook_deliveries');
  verdict.equal('events that were queued for an endpoint', webhookDeliveries, events);
  const buried = await world.count('SELECT COUNT(*) AS n FROM consumer_dead_letters');
  verdict.equal('messages that were buried', buried, 0);
  const unordered = await world.rows(
    `SELECT q.event_id, q.sequence, q.earlier FROM
     (SELECT d.event_id, o.sequence, LAG(o.sequence) OVER (PARTITION BY o.aggregate_id ORDER BY d.position) AS earlier
      FROM webhook_deliveries d JOIN outbox o ON o.id = d.event_id) q
     WHERE q.earlier > q.sequence LIMIT 3`,
  );
  verdict.equal('events that were handled before an earlier one of their aggregate', unordered, []);
  return { handled, webhookDeliveries };
}

/** What each group takes is in its inbox, and nothing else is. @returns how many there are in all */
async function examineInbox(world: World, verdict: Verdict): Promise<number> {
  let sum = 0;
  for (const { group, consumers } of CONSUMER_GROUPS) {
    const types = consumers.map(({ event }) => event.type);
    const taken = `o.type IN (${types.map(() => '?').join(', ')}) AND o.status = 'sent'`;
    const published = await world.count(`SELECT COUNT(*) AS n FROM outbox o WHERE ${taken}`, types);
    const handled = await world.count('SELECT COUNT(*) AS n FROM inbox WHERE consumer_group = ?', [group]);
    verdict.equal(`events that ${group} handled`, handled, published);
    const missed = await world.rows(
      `SELECT o.id FROM outbox o LEFT JOIN inbox i ON i.consumer_group = ? AND i.event_id = o.id
       WHERE ${taken} AND i.event_id IS NULL LIMIT 3`,
      [group, ...types],
    );
    verdict.equal(`events that ${group} missed`, missed, []);
    sum += handled;
  }
  return sum;
}

/** On Kafka all three partitions of the topic had events: an order of events that holds in one alone shows little. */
export async function examinePartitions(
  world: World,
  verdict: Verdict,
  topic: 'order-events' | 'stock-events',
): Promise<Record<string, unknown>> {
  if (world.database.config.kafka === undefined) return { log: 'embedded' };
  const used = (await world.lag()).filter((part) => part.topic === topic && part.end > 0);
  const partitions = new Set(used.map(({ partition }) => partition)).size;
  verdict.equal(`partitions of ${topic} with events`, partitions, 3);
  return { log: 'kafka', partitions };
}
