import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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

describe('publishing the outbox', () => {
  let t: TestApp;
  let log: FaultyLog;
  let outbox: SqlOutboxReadModel;
  const relay = (): DispatchOutbox =>
    new DispatchOutbox({
      db: t.app.db,
      clock: t.clock,
      outbox,
      log,
      settings: SETTINGS,
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

  it('takes one event of each aggregate at a time, in the order of their sequence', async () => {
    await append(t, event('a', 2), event('a', 1), event('b', 1), event('a', 3));
    expect(await relay().run()).toMatchObject({ sent: 2 });
    expect(log.stored.sort()).toEqual(['a:1', 'b:1']);
    await relay().run();
    await relay().run();
    expect(log.stored.filter((s) => s.startsWith('a'))).toEqual(['a:1', 'a:2', 'a:3']);
    expect(await outbox.summary()).toMatchObject({ pending: 0, dead: 0 });
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
    expect(await relay().run()).toMatchObject({ sent: 2 });
    const claims = await Promise.all([relay().run(), relay().run()]);
    expect(claims.map((c) => c.sent).sort()).toEqual([0, 1]);
    expect(log.stored).toHaveLength(3);
  });

  it('takes over what a dead relay had claimed, when its lease has ended and not before', async () => {
    await append(t, event('a', 1), event('a', 2));
    const dead = { owner: 'dead-relay', until: new Date(t.clock.now().getTime() + 40_000) };
    const claimed = await t.app.db.transaction((tx) => tx.outbox.claimHeads(dead, t.clock.now(), 10));
    expect(claimed.map((e) => e.sequence)).toEqual([1]);
    t.clock.advance(39);
    expect(await relay().run()).toMatchObject({ claimed: 0 });
    t.clock.advance(1);
    expect(await relay().run()).toMatchObject({ sent: 1 });
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
    expect(await relay().run()).toEqual({ claimed: 2, sent: 1, refused: 1, dead: 0 });
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
