import { AsyncResource } from 'node:async_hooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Topic } from '../../../src/domain/shared/event.ts';
import { DispatchOutbox } from '../../../src/domain/use-cases/dispatch-outbox.ts';
import { SqlOutboxReadModel } from '../../../src/infra/db/eventstream/sql-outbox.read-model.ts';
import { append, FaultyLog, orderEvent } from '../../support/events.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const SETTINGS = {
  batchSize: 50,
  maxAttempts: 3,
  retryBaseSeconds: 30,
  maxBackoffSeconds: 600,
  sendTimeoutSeconds: 10,
};

/** Made here, outside every transaction: what is called through it opens one of its own. */
const apart = new AsyncResource('apart');

describe('publishing the outbox', () => {
  let t: TestApp;
  let log: FaultyLog;
  let outbox: SqlOutboxReadModel;
  const leased = async (): Promise<number> =>
    (await t.app.connections.read.query('SELECT id FROM outbox WHERE lease_owner IS NOT NULL')).length;
  const relay = (changes: Partial<typeof SETTINGS> = {}): DispatchOutbox =>
    new DispatchOutbox({
      db: t.app.db,
      clock: t.clock,
      outbox,
      log,
      settings: { ...SETTINGS, ...changes },
      random: () => 0,
    });
  const event = (aggregateId: string, sequence: number) => orderEvent(aggregateId, sequence, t.clock.now());

  beforeAll(async () => {
    t = await setupApp({ now: '2026-01-01T00:00:00Z' });
    outbox = new SqlOutboxReadModel(t.app.connections.read);
  });
  beforeEach(async () => {
    log = new FaultyLog();
    await t.app.connections.write((sql) => sql.run('DELETE FROM outbox'));
  });
  afterAll(() => t.close());

  it('publishes nothing of a transaction that was rolled back', async () => {
    const failing = t.app.db.transaction(async (tx) => {
      await tx.outbox.append([event('a', 1)]);
      throw new Error('the order was not placed');
    });
    await expect(failing).rejects.toThrow('not placed');
    expect(await relay().run()).toEqual({ claimed: 0, sent: 0, refused: 0, dead: 0 });
  });

  it('stores all events of a transaction by one statement', async () => {
    const statements = await t.statements(() => append(t, event('a', 1), event('a', 2), event('b', 1)));
    expect(statements.filter((s) => s.includes('outbox'))).toHaveLength(1);
  });

  it('takes the events of an aggregate in the order of their sequence, several at a time', async () => {
    await append(t, event('a', 2), event('a', 1), event('b', 1), event('a', 3));
    expect(await relay().run()).toMatchObject({ sent: 4 });
    expect(log.stored.filter((s) => s.startsWith('a'))).toEqual(['a:1', 'a:2', 'a:3']);
    expect(log.stored).toContain('b:1');
    expect(await outbox.summary()).toMatchObject({ pending: 0, dead: 0 });
  });

  it('takes the head of every aggregate before the second event of any', async () => {
    await append(t, ...[1, 2, 3, 4].map((n) => event('a', n)), event('b', 1), event('c', 1));
    expect(await relay().run(3)).toMatchObject({ sent: 3 });
    expect([...log.stored].sort()).toEqual(['a:1', 'b:1', 'c:1']);
  });

  it('takes nothing that stands behind an event which waits, is dead, or is in other hands', async () => {
    await append(t, ...['a', 'b', 'c'].flatMap((id) => [1, 2, 3].map((n) => event(id, n))));
    const change = (set: string, aggregate: string) =>
      t.app.connections.write((sql) =>
        sql.run(`UPDATE outbox SET ${set} WHERE aggregate_id = ? AND sequence = 2`, [aggregate]),
      );
    await change("status = 'dead'", 'a');
    await change("available_at = '2026-01-01 00:00:10.000'", 'b');
    await change("lease_owner = 'other', lease_until = '2026-01-01 00:00:10.000'", 'c');
    await relay().drain();
    expect([...log.stored].sort()).toEqual(['a:1', 'b:1', 'c:1']);
    t.clock.advance(10);
    await relay().drain();
    expect(log.stored.filter((s) => !s.startsWith('a')).sort()).toEqual([
      ...['b:1', 'b:2', 'b:3'],
      ...['c:1', 'c:2', 'c:3'],
    ]);
  });

  it('leaves what a newer version appended to a topic of its own for a relay that knows it, in its order', async () => {
    const later = { ...event('a', 2), topic: 'later-events' as Topic };
    await append(
      t,
      event('a', 1),
      later,
      event('a', 3),
      { ...event('b', 1), topic: later.topic },
      event('c', 1),
    );
    expect(await relay().drain()).toEqual({ claimed: 2, sent: 2, refused: 0, dead: 0 });
    expect([...log.stored].sort()).toEqual(['a:1', 'c:1']);
    expect(await outbox.hasDue(t.clock.now())).toBe(false);
    expect(await outbox.summary()).toMatchObject({ pending: 3, dead: 0 });
    await t.app.connections.write((sql) =>
      sql.run("UPDATE outbox SET topic = 'order-events' WHERE topic = 'later-events'"),
    );
    await relay().drain();
    expect(log.stored.filter((s) => s.startsWith('a'))).toEqual(['a:1', 'a:2', 'a:3']);
  });

  it('keeps what stands behind a refused event back, without counting an attempt against it', async () => {
    await append(t, event('a', 1), event('a', 2), event('a', 3));
    log.refuse = (m) => (m.headers.sequence === '2' ? 'too large' : undefined);
    expect(await relay().run()).toEqual({ claimed: 3, sent: 1, refused: 1, dead: 0 });
    expect(log.stored).toEqual(['a:1']);
    const rows = await t.app.connections.read.query<{ attempts: number }>(
      'SELECT attempts FROM outbox WHERE lease_owner IS NULL ORDER BY sequence',
    );
    expect(rows.map((r) => r.attempts)).toEqual([0, 1, 0]);
  });

  it('skips nothing when two transactions commit in the opposite order of their inserts', async () => {
    if (t.app.connections.kind === 'sqlite') {
      // One writer at a time: the second transaction cannot commit inside the first.
      await append(t, event('late', 1));
      await append(t, event('early', 1));
    } else {
      await t.app.db.transaction(async (tx) => {
        await tx.outbox.append([event('late', 1)]);
        await apart.runInAsyncScope(async () => {
          await append(t, event('early', 1));
          expect(await relay().run()).toMatchObject({ sent: 1 });
        });
      });
    }
    await relay().drain();
    expect([...log.stored].sort()).toEqual(['early:1', 'late:1']);
  });

  it('drains a backlog in batches, claiming more while some are at the log', async () => {
    const events = Array.from({ length: 40 }, (_, i) => event(`k${i % 8}`, 1 + Math.floor(i / 8)));
    await append(t, ...events);
    const small = relay({ batchSize: 1 });
    const claims: number[] = [];
    let ahead = 0;
    log.afterSend = async () => {
      const leased = await t.app.connections.read.query<{ owner: string }>(
        'SELECT DISTINCT lease_owner AS owner FROM outbox WHERE lease_owner IS NOT NULL',
      );
      ahead = Math.max(ahead, leased.length);
    };
    const total = await small.drain({ onBatch: ({ sent }) => claims.push(sent) });
    expect(total).toMatchObject({ claimed: 40, sent: 40 });
    expect(claims.length).toBeGreaterThan(1);
    for (const id of Array.from({ length: 8 }, (_, i) => `k${i}`))
      expect(log.stored.filter((s) => s.startsWith(`${id}:`))).toEqual(
        [1, 2, 3, 4, 5].map((n) => `${id}:${n}`),
      );
    expect(ahead).toBeGreaterThan(0);
  });

  it('stops draining at the limit, and when it is told to, after the batch at the log', async () => {
    await append(t, ...Array.from({ length: 14 }, (_, i) => event(`k${String.fromCodePoint(97 + i)}`, 1)));
    expect(await relay({ batchSize: 2 }).drain({ limit: 5 })).toMatchObject({ claimed: 5, sent: 5 });
    const stop = new AbortController();
    log.afterSend = () => {
      stop.abort();
      return Promise.resolve();
    };
    const some = await relay({ batchSize: 2 }).drain({ signal: stop.signal });
    expect(some).toMatchObject({ claimed: 9, sent: 2 });
    expect(await outbox.summary()).toMatchObject({ pending: 7 });
    expect(await leased()).toBe(0);
  });

  it('publishes a deep backlog of few aggregates with few statements', async () => {
    for (let sequence = 1; sequence <= 300; sequence++)
      await append(t, event('a', sequence), event('b', sequence), event('c', sequence));
    const statements = await t.statements(() => relay().drain());
    expect(log.stored).toHaveLength(900);
    // Two claims, each with its look at the heads and at what follows them, two leases, the entries and the marks.
    expect(statements.length).toBeLessThanOrEqual(30);
  });

  it('claims heads and what follows them in any number', async () => {
    const ids = Array.from({ length: 1500 }, (_, i) => `k${String(i).padStart(4, '0')}`);
    for (const sequence of [1, 2]) await append(t, ...ids.map((id) => event(id, sequence)));
    expect(await relay({ batchSize: 400 }).run()).toMatchObject({ claimed: 1700, sent: 1700 });
    expect(await relay({ batchSize: 400 }).drain()).toMatchObject({ sent: 1300 });
  });

  it('lets every aggregate have its turn, however much waits in those before it', async () => {
    const crowd = Array.from({ length: 25 }, (_, i) => String.fromCodePoint(97 + i));
    for (let sequence = 1; sequence <= 3; sequence++)
      await append(t, ...crowd.map((id) => event(id, sequence)));
    const small = relay({ batchSize: 1 });
    for (let i = 0; i < 3; i++) await small.run();
    expect(new Set(log.stored.map((s) => s.split(':')[0]))).toEqual(new Set(crowd));
  });

  it('looks no further than the heads, where an aggregate is blocked', async () => {
    await append(t, ...Array.from({ length: 100 }, (_, i) => event('blocked', i + 1)), event('free', 1));
    await t.app.connections.write((sql) =>
      sql.run("UPDATE outbox SET status = 'dead' WHERE aggregate_id = 'blocked' AND sequence = 1"),
    );
    expect(await relay().drain()).toMatchObject({ sent: 1 });
    expect(log.stored).toEqual(['free:1']);
    const statements = await t.statements(() => relay().drain());
    expect(statements).toHaveLength(1);
  });

  it('marks what was stored before the log went away, and gives the rest back', async () => {
    await append(t, ...['a', 'b', 'c', 'd'].map((id) => event(id, 1)));
    log.afterSend = () => {
      log.away = true;
      return Promise.resolve();
    };
    await expect(relay({ batchSize: 2 }).drain()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await outbox.summary()).toMatchObject({ pending: 2, dead: 0 });
    expect(await leased()).toBe(0);
    log.away = false;
    log.afterSend = () => Promise.resolve();
    await relay().drain();
    expect(log.stored).toEqual(['a:1', 'b:1', 'c:1', 'd:1']);
  });

  it('gives both batches back when the log goes away while it drains', async () => {
    await append(t, ...Array.from({ length: 6 }, (_, i) => event(`k${i}`, 1)));
    log.afterSend = () => {
      log.away = true;
      return Promise.resolve();
    };
    await expect(relay({ batchSize: 2 }).drain()).rejects.toThrow('no broker answers');
    expect(await leased()).toBe(0);
    expect(await outbox.summary()).toMatchObject({ pending: 4, dead: 0 });
  });

  it('claims no more than the limit', async () => {
    await append(t, event('a', 1), event('b', 1), event('c', 1));
    expect(await relay().run(2)).toMatchObject({ claimed: 2, sent: 2 });
  });

  it('gives two relays different events, and keeps the later ones of an aggregate back meanwhile', async () => {
    await append(t, event('a', 1), event('a', 2), event('b', 1));
    log.afterSend = async () => {
      log.afterSend = () => Promise.resolve();
      // While the first relay holds both heads, the second finds nothing.
      expect(await relay().run()).toMatchObject({ claimed: 0 });
    };
    expect(await relay().run(2)).toMatchObject({ sent: 2 });
    const claims = await Promise.all([relay().run(), relay().run()]);
    expect(claims.map((c) => c.sent).sort()).toEqual([0, 1]);
    expect(log.stored).toHaveLength(3);
  });

  it('takes over what a dead relay had claimed, when its lease has ended and not before', async () => {
    await append(t, event('a', 1), event('a', 2));
    const dead = { owner: 'dead-relay', until: new Date(t.clock.now().getTime() + 40_000) };
    const { entries: claimed } = await t.app.db.transaction((tx) =>
      tx.outbox.claimHeads(dead, t.clock.now(), 10),
    );
    expect(claimed.map((e) => e.sequence)).toEqual([1, 2]);
    t.clock.advance(39);
    expect(await relay().run()).toMatchObject({ claimed: 0 });
    t.clock.advance(1);
    expect(await relay().run(1)).toMatchObject({ sent: 1 });
    // The dead one wakes, and marks what is no longer its own.
    await t.app.db.transaction((tx) =>
      tx.outbox.refuse(dead.owner, [{ id: claimed[0]?.id ?? '', reason: 'late', availableAt: undefined }]),
    );
    expect(await outbox.summary()).toMatchObject({ pending: 1, dead: 0 });
    await relay().run();
    expect(log.stored).toEqual(['a:1', 'a:2']);
  });

  it('counts no attempt while the log is away, however long that is', async () => {
    await append(t, event('a', 1));
    log.away = true;
    for (let i = 0; i < 10; i++) await expect(relay().run()).rejects.toThrow('no broker answers');
    log.away = false;
    expect(await relay().run()).toMatchObject({ sent: 1 });
  });

  it('tries a refused event again with growing pauses, then buries it, and lets others pass', async () => {
    await append(t, event('a', 1), event('a', 2), event('b', 1));
    log.refuse = (m) => (m.key === 'a' ? 'too large' : undefined);
    expect(await relay().run()).toEqual({ claimed: 3, sent: 1, refused: 1, dead: 0 });
    t.clock.advance(29);
    expect(await relay().run()).toMatchObject({ claimed: 0 });
    t.clock.advance(1);
    expect(await relay().run()).toMatchObject({ refused: 1 });
    t.clock.advance(60);
    expect(await relay().run()).toMatchObject({ dead: 1 });
    log.refuse = () => undefined;
    t.clock.advance(86_400);
    expect(await relay().run()).toMatchObject({ claimed: 0 });
    expect(await outbox.summary()).toMatchObject({ pending: 1, dead: 1 });
    expect(log.stored).toEqual(['b:1']);
  });
});
