import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { examine } from '../../../src/app/doctor/doctor.ts';
import type {
  BrowseOptions,
  EventLog,
  EventMessage,
  SubscribeOptions,
} from '../../../src/domain/eventstream/event-log.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { DispatchOutbox } from '../../../src/domain/use-cases/dispatch-outbox.ts';
import { VerifyEvents } from '../../../src/domain/use-cases/verify-events.ts';
import { LocalEventLog } from '../../../src/infra/events/local.event-log.ts';
import { subscribeInTurn } from '../../../src/jobs/consumers/subscribe-in-turn.ts';
import { append, FaultyLog, orderEvent } from '../../support/events.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { until } from '../../support/until.ts';

const message = (key: string, id = newId()): EventMessage => ({
  id,
  topic: 'order-events',
  key,
  headers: { id, type: 'test' },
  value: JSON.stringify({ key }),
});

/** A log that hands over one message as soon as a group subscribes. */
class NewLog extends FaultyLog {
  stopped = 0;

  override async subscribe({ handle }: SubscribeOptions) {
    const topic = 'order-events' as const;
    await handle(
      { topic, partition: 0, position: '0', key: 'new', headers: {}, value: '' },
      AbortSignal.any([]),
    );
    return {
      stop: () => {
        this.stopped++;
        return Promise.resolve();
      },
    };
  }
}

/** Shows what was published to it. */
class BrowsableLog extends FaultyLog {
  override readonly kind = 'kafka';

  override browse({ handle }: BrowseOptions): Promise<void> {
    for (const [i, { topic, key, headers, value }] of this.accepted.entries())
      handle({ topic, partition: 0, position: String(i), key, headers, value });
    return Promise.resolve();
  }
}

describe('the embedded log, where Kafka takes its place', () => {
  let t: TestApp;
  let former: LocalEventLog;
  let current: NewLog;
  let seen: string[];
  let hold: Promise<void> | undefined;

  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' } });
  });
  beforeEach(async () => {
    for (const table of ['event_log', 'event_topics', 'consumer_offsets']) {
      await t.app.connections.write((sql) => sql.run(`DELETE FROM ${table}`));
    }
    former = new LocalEventLog(t.app.connections, t.clock, t.app.log);
    [current, seen, hold] = [new NewLog(), [], undefined];
  });
  afterAll(() => t.close());

  const options = (group: string): SubscribeOptions => ({
    group,
    topics: ['order-events', 'stock-events'],
    handle: async ({ key }) => {
      await hold;
      seen.push(key ?? '');
    },
  });
  const subscribe = (group: string, eventLog: EventLog = current) =>
    subscribeInTurn({ eventLog, formerLog: former }, options(group), t.app.log);

  it('is read to its end before the log in use is begun, by each group for itself', async () => {
    await former.publish([message('1'), message('2'), message('3')]);
    const earlier = await former.subscribe({
      ...options('behind'),
      handle: () => Promise.reject(new Error()),
    });
    await earlier.stop();
    const subscription = await subscribe('behind');
    await until(() => seen.length === 4, 'all of them');
    await subscription.stop();
    expect(seen).toEqual(['1', '2', '3', 'new']);
    expect(current.stopped).toBe(1);
    await (await subscribe('behind')).stop();
    expect(seen.slice(4)).toEqual(['new']);
  });

  it('keeps the log in use waiting while a message of it waits', async () => {
    let release = (): void => undefined;
    hold = new Promise((resolve) => {
      release = resolve;
    });
    await former.publish([message('1')]);
    const subscription = await subscribe('slow');
    expect(await former.unread(options('slow'))).toBe(1);
    expect(seen).toEqual([]);
    release();
    await until(() => seen.length === 2, 'both');
    expect(seen).toEqual(['1', 'new']);
    await subscription.stop();
  });

  it('may be left in the midst of it, and is gone on with', async () => {
    await former.publish([message('1')]);
    const failing = { ...options('left'), handle: () => Promise.reject(new DomainError('busy', 'not now')) };
    const left = await subscribeInTurn({ eventLog: current, formerLog: former }, failing, t.app.log);
    await left.stop();
    expect(current.stopped).toBe(0);
    const again = await subscribe('left');
    await until(() => seen.length === 2, 'both');
    await again.stop();
    expect(seen).toEqual(['1', 'new']);
  });

  it('does not hold up a group that began after its messages were purged', async () => {
    await former.publish([message('1')]);
    await t.app.connections.write((sql) => sql.run('DELETE FROM event_log'));
    await (await subscribe('late')).stop();
    expect(seen).toEqual(['new']);
  });

  it('is named by the doctor while it holds what nobody has handled', async () => {
    const found = async () =>
      (await examine(() => t.app.config)).checks.find(({ name }) => name === 'embedded events');
    expect(await found()).toBeUndefined();
    await former.publish([message('1'), message('2')]);
    const finding = await found();
    expect(finding).toMatchObject({
      status: 'warn',
      detail: 'not handled yet in the former event log: notifications 2, payments 2, webhooks 2',
    });
    expect(finding?.remedy).toContain('start a worker');
  });

  it('is read by events verify, so that what was published to it is not missed', async () => {
    const [older, newer] = [newId(), newId()];
    await append(t, orderEvent(older, 1, t.clock.now()), orderEvent(newer, 1, t.clock.now()));
    const { outbox } = await t.app.work();
    const settings = t.app.config.outbox;
    const dispatch = (log: EventLog) =>
      new DispatchOutbox({ ...{ db: t.app.db, outbox, log, settings }, clock: t.clock });
    await dispatch(former).drain({ limit: 1 });
    expect((await new VerifyEvents({ outbox, log: former }).run()).messages).toBe(1);
    const next: EventLog = new BrowsableLog();
    await dispatch(next).drain({});
    expect(await new VerifyEvents({ outbox, log: next, former }).run()).toMatchObject({
      clean: true,
      published: 2,
      messages: 2,
    });
    expect((await new VerifyEvents({ outbox, log: next }).run()).problems).toMatchObject([
      { kind: 'missing' },
    ]);
  });

  it('is not missed by events verify when it was purged; what the log in use has lost is', async () => {
    await t.app.connections.write((sql) => sql.run('DELETE FROM outbox'));
    const { outbox } = await t.app.work();
    const settings = t.app.config.outbox;
    const publish = async (log: EventLog, id: string) => {
      await append(t, orderEvent(id, 1, t.clock.now()));
      await new DispatchOutbox({ ...{ db: t.app.db, outbox, log, settings }, clock: t.clock }).drain();
      t.clock.advance(3600);
    };
    const next = new BrowsableLog();
    const verified = () => new VerifyEvents({ outbox, log: next, former }).run();
    await publish(former, 'a');
    await publish(next, 'b');
    await t.app.connections.write((sql) => sql.run('DELETE FROM event_log'));
    expect(await verified()).toMatchObject({ clean: true, published: 2, messages: 1, expired: 1 });
    await publish(next, 'c');
    next.accepted.pop();
    expect(await verified()).toMatchObject({
      expired: 1,
      problems: [{ kind: 'missing', aggregate: 'order:c' }],
    });
  });
});
