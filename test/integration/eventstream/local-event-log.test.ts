import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventMessage, ReceivedMessage } from '../../../src/domain/eventstream/event-log.ts';
import type { Topic } from '../../../src/domain/shared/event.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { type RawInteger, toInt } from '../../../src/infra/db/values.ts';
import { LocalEventLog } from '../../../src/infra/events/local.event-log.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { until } from '../../support/until.ts';

const message = (key: string, id = newId()): EventMessage => ({
  id,
  topic: 'order-events',
  key,
  headers: { id, type: 'test' },
  value: JSON.stringify({ key }),
});

describe('the event log in the database', () => {
  let t: TestApp;
  const log = () => new LocalEventLog(t.app.connections, t.clock, t.app.log);
  const positions = async () =>
    (
      await t.app.connections.read.query<{ position: RawInteger }>(
        'SELECT position FROM event_log ORDER BY position',
      )
    ).map((r) => toInt(r.position));

  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
  });
  beforeEach(async () => {
    for (const table of ['event_log', 'event_topics', 'consumer_offsets']) {
      await t.app.connections.write((sql) => sql.run(`DELETE FROM ${table}`));
    }
  });
  afterAll(() => t.close());

  it('gives positions without a gap to writers that come at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => log().publish([message(`k${i}`), message(`k${i}`)])),
    );
    expect(await positions()).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  it('stores a message that is sent again once', async () => {
    const sent = message('a');
    await log().publish([sent]);
    await log().publish([sent, message('b')]);
    expect(await positions()).toHaveLength(2);
  });

  it('says how far a group is behind by the messages that there are, also where some were sent again', async () => {
    const sent = ['a', 'b', 'c'].map((key) => message(key));
    for (const batch of [sent, sent, [...sent, message('d')]]) await log().publish(batch);
    expect(await positions()).toEqual([1, 2, 3, 4]);
    const group = { group: 'g', topics: ['order-events'] as const };
    expect(await log().lag([group])).toMatchObject([{ position: 0, end: 4, lag: 4 }]);
    const subscription = await log().subscribe({ ...group, handle: () => Promise.resolve() });
    await until(async () => !(await log().holds(group)), 'the end');
    await subscription.stop();
    expect(await log().lag([group])).toMatchObject([{ position: 4, end: 4, lag: 0 }]);
  });

  it('counts no lag for a group that begins after everything was purged', async () => {
    await log().publish([message('a'), message('b')]);
    await t.app.connections.write((sql) => sql.run('DELETE FROM event_log'));
    const group = { group: 'late', topics: ['order-events'] as const };
    expect(await log().lag([group])).toMatchObject([{ position: 2, end: 2, lag: 0 }]);
    await log().publish([message('c')]);
    expect(await log().lag([group])).toMatchObject([{ position: 2, end: 3, lag: 1 }]);
  });

  it('stores nothing of a batch for a topic that it does not know, instead of calling it stored', async () => {
    const unknown = { ...message('b'), topic: 'later-events' as Topic };
    await expect(log().publish([message('a'), unknown])).rejects.toThrow('later-events');
    expect(await positions()).toEqual([]);
  });

  it('refuses a message that is too large, and stores the others', async () => {
    const large = { ...message('a'), value: JSON.stringify('x'.repeat(1_000_001)) };
    const refusals = await log().publish([large, message('b')]);
    expect([...refusals.keys()]).toEqual([large.id]);
    expect(await positions()).toHaveLength(1);
  });

  it('hands each group every message in order, and goes on after the last one it was done with', async () => {
    const writer = log();
    await writer.publish([message('1'), message('2')]);
    const seen: string[] = [];
    const handle = (m: ReceivedMessage) => {
      seen.push(m.key ?? '');
      return Promise.resolve();
    };
    const first = await log().subscribe({ group: 'g', topics: ['order-events'], handle });
    await until(() => seen.length === 2, 'two messages');
    await writer.publish([message('3')]);
    await until(() => seen.length === 3, 'the third');
    await first.stop();
    await writer.publish([message('4')]);
    const second = await log().subscribe({ group: 'g', topics: ['order-events'], handle });
    await until(() => seen.length === 4, 'the fourth');
    await second.stop();
    expect(seen).toEqual(['1', '2', '3', '4']);
    const other: string[] = [];
    const third = await log().subscribe({
      group: 'h',
      topics: ['order-events'],
      handle: (m) => {
        other.push(m.key ?? '');
        return Promise.resolve();
      },
    });
    await until(() => other.length === 4, 'all four for another group');
    await third.stop();
  });

  it('delivers a message again whose handler failed', async () => {
    await log().publish([message('a')]);
    let tries = 0;
    const subscription = await log().subscribe({
      group: 'g',
      topics: ['order-events'],
      handle: () => {
        tries++;
        return tries < 2 ? Promise.reject(new Error('not yet')) : Promise.resolve();
      },
    });
    await until(() => tries === 2, 'a second try');
    await subscription.stop();
  });

  it('lets one process of a group read at a time, and another after the lease of a dead one', async () => {
    await log().publish([message('a')]);
    const lease = { until: new Date(t.clock.now().getTime() + 60_000) };
    await t.app.connections.write((sql) =>
      sql.run(
        'INSERT INTO consumer_offsets (consumer_group, topic, position, lease_owner, lease_until, updated_at) VALUES (?, ?, 0, ?, ?, ?)',
        ['g', 'order-events', 'dead-process', lease.until, t.clock.now()],
      ),
    );
    const seen: string[] = [];
    let looks = 0;
    const stopCounting = t.app.connections.onStatement((text) => {
      if (text.includes('lease_until <= ?')) looks++;
    });
    const subscription = await log().subscribe({
      group: 'g',
      topics: ['order-events'],
      handle: (m) => {
        seen.push(m.key ?? '');
        return Promise.resolve();
      },
    });
    await until(() => looks >= 2, 'two looks');
    expect(seen).toEqual([]);
    t.clock.advance(60);
    await until(() => seen.length === 1, 'the message');
    stopCounting();
    await subscription.stop();
  });
});
