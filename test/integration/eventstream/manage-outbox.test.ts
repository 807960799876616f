import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OpenWork } from '../../../src/app/work.ts';
import type { Actor } from '../../../src/domain/shared/actor.ts';
import { type RawJson, toJson } from '../../../src/infra/db/values.ts';
import { append, orderEvent } from '../../support/events.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { until } from '../../support/until.ts';

const OPERATOR: Actor = { type: 'system', name: 'test' };

describe('operating the outbox', () => {
  let t: TestApp;
  let work: OpenWork;
  const ids = new Map<number, string>();
  const idOf = (sequence: number): string => ids.get(sequence) ?? '';
  const set = (text: string, sequence: number) =>
    t.app.connections.write((sql) => sql.run(`UPDATE outbox SET ${text} WHERE sequence = ?`, [sequence]));

  beforeAll(async () => {
    // The tests tamper with the log, which only the embedded one lets them do: proofs verify Kafka.
    t = await setupApp({
      now: '2026-01-01T00:00:00Z',
      env: { KAFKA_BOOTSTRAP_SERVERS: '', KAFKA_ENABLED: '' },
    });
    work = await t.app.work();
  });
  beforeEach(async () => {
    await t.app.connections.write(async (sql) => {
      for (const table of ['outbox', 'event_log', 'event_topics', 'audit_log'])
        await sql.run(`DELETE FROM ${table}`);
    });
    await append(t, ...[1, 2, 3].map((n) => orderEvent('a', n, t.clock.now())));
    for (const { id, sequence } of (await work.outbox.list({}, { limit: 10 })).items) ids.set(sequence, id);
    await set("status = 'dead', attempts = 5, last_error = 'too large'", 1);
  });
  afterAll(() => t.close());

  const audited = () =>
    t.app.connections.read.query<{ actor: string; action: string; subject: string }>(
      'SELECT actor, action, subject FROM audit_log ORDER BY id',
    );

  it('shows what is dead, why, and what it keeps back', async () => {
    expect((await work.outbox.list({ status: 'dead' }, { limit: 10 })).items).toMatchObject([
      { id: idOf(1), attempts: 5, lastError: 'too large' },
    ]);
    expect(await work.outbox.find(idOf(3))).toMatchObject({ status: 'pending', blockedBy: idOf(1) });
    expect(await work.outbox.find('none')).toBeUndefined();
  });

  it('lists page after page, by status and over all', async () => {
    for (const filter of [{}, { status: 'pending' as const }, { aggregateId: 'a' }]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await work.outbox.list(filter, {
          limit: 1,
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...page.items.map((item) => item.id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      const wanted = 'status' in filter ? [3, 2] : [3, 2, 1];
      expect(seen).toEqual(wanted.map(idOf));
    }
  });

  it('replays a dead event with all its attempts, and its aggregate goes on', async () => {
    await work.manageOutbox.replay(OPERATOR, idOf(1));
    expect(await work.outbox.find(idOf(1))).toMatchObject({ status: 'pending', attempts: 0 });
    expect(await work.dispatchOutbox.drain()).toMatchObject({ sent: 3 });
    expect(await audited()).toEqual([
      { actor: 'system:test', action: 'outbox.replay', subject: `event:${idOf(1)}` },
    ]);
  });

  it('replays all dead events', async () => {
    await set("status = 'dead'", 2);
    expect(await work.manageOutbox.replayDead(OPERATOR)).toBe(2);
    expect(await work.dispatchOutbox.drain()).toMatchObject({ sent: 3 });
    expect(await audited()).toHaveLength(2);
  });

  it('tries a refused event at once instead of later', async () => {
    await set("status = 'pending', attempts = 1, available_at = '2026-01-01 00:10:00.000'", 1);
    expect(await work.dispatchOutbox.drain()).toMatchObject({ claimed: 0 });
    await work.manageOutbox.replay(OPERATOR, idOf(1));
    expect(await work.dispatchOutbox.drain()).toMatchObject({ sent: 3 });
  });

  it('skips a dead event for good: the later ones go on without it, and verify knows of it', async () => {
    await work.manageOutbox.skip(OPERATOR, idOf(1), 'told by hand');
    expect(await work.dispatchOutbox.drain()).toMatchObject({ sent: 2 });
    expect(await work.outbox.find(idOf(1))).toMatchObject({ status: 'skipped' });
    expect(await audited()).toMatchObject([{ action: 'outbox.skip' }]);
    expect(await work.verifyEvents.run()).toMatchObject({ clean: true, published: 2, messages: 2 });
    await expect(work.manageOutbox.replay(OPERATOR, idOf(1))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leaves events alone that were not refused, or are in hand', async () => {
    await expect(work.manageOutbox.skip(OPERATOR, idOf(2), 'x')).rejects.toMatchObject({ code: 'conflict' });
    await expect(work.manageOutbox.replay(OPERATOR, 'none')).rejects.toMatchObject({ code: 'not_found' });
    await set("status = 'pending', attempts = 1, lease_until = '2026-01-01 00:10:00.000'", 1);
    await expect(work.manageOutbox.skip(OPERATOR, idOf(1), 'x')).rejects.toMatchObject({ code: 'conflict' });
    const failed = (reason: string) => expect.objectContaining({ outcome: 'failed', reason });
    const details = await t.app.connections.read.query<{ details: RawJson }>(
      'SELECT details FROM audit_log ORDER BY id',
    );
    expect((await audited()).map(({ action }) => action)).toEqual([
      'outbox.skip',
      'outbox.replay',
      'outbox.skip',
    ]);
    expect(details.map((row) => toJson(row.details))).toEqual(
      ['conflict', 'not_found', 'conflict'].map(failed),
    );
  });

  it('verifies: finds what is missing in the log, what stands out of order, and what was passed over', async () => {
    await work.manageOutbox.replay(OPERATOR, idOf(1));
    await work.dispatchOutbox.drain();
    expect(await work.verifyEvents.run()).toMatchObject({
      clean: true,
      published: 3,
      messages: 3,
      duplicates: 0,
    });
    const log = (text: string) => t.app.connections.write((sql) => sql.run(text));
    await log('UPDATE event_log SET position = 10 WHERE position = 2');
    expect(await work.verifyEvents.run()).toMatchObject({
      clean: false,
      problems: [{ kind: 'order', sequence: 2 }, { kind: 'gap' }],
    });
    await log('DELETE FROM event_log WHERE position = 10');
    const { problems } = await work.verifyEvents.run();
    expect(problems.map((p) => [p.kind, p.sequence])).toEqual([
      ['missing', 2],
      ['gap', 2],
    ]);
    await set("status = 'pending', sent_at = NULL", 2);
    expect((await work.verifyEvents.run()).problems.map((p) => p.kind)).toContain('premature');
  });

  it('verifies: misses nothing that was purged with the whole log, and what is gone for another reason', async () => {
    await work.manageOutbox.replay(OPERATOR, idOf(1));
    await work.dispatchOutbox.drain();
    const log = (text: string) => t.app.connections.write((sql) => sql.run(text));
    await log('DELETE FROM event_log');
    expect(await work.verifyEvents.run()).toMatchObject({
      clean: true,
      published: 3,
      messages: 0,
      expired: 3,
    });
    t.clock.advance(3600);
    await append(t, orderEvent('b', 1, t.clock.now()), orderEvent('b', 2, t.clock.now()));
    await append(t, orderEvent('c', 1, t.clock.now()));
    await work.dispatchOutbox.drain();
    expect(await work.verifyEvents.run()).toMatchObject({ clean: true, messages: 3, expired: 3 });
    await log('DELETE FROM event_log WHERE message_key = \'b\' AND headers LIKE \'%"sequence":%"2"%\'');
    expect(await work.verifyEvents.run()).toMatchObject({
      expired: 3,
      problems: [{ kind: 'missing', aggregate: 'order:b', sequence: 2 }],
    });
  });

  it('tails what comes, from now on or from the beginning', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const options = { topics: ['order-events'] as const, signal: stop.signal };
    const { eventLog } = work;
    const handle = (m: { headers: Readonly<Record<string, string>> }) =>
      void seen.push(m.headers.sequence ?? '');
    const tail = eventLog.browse({ ...options, follow: true, handle });
    await work.manageOutbox.replay(OPERATOR, idOf(1));
    await work.dispatchOutbox.drain();
    const all: string[] = [];
    await eventLog.browse({
      ...options,
      follow: false,
      handle: (m) => void all.push(m.headers.sequence ?? ''),
    });
    expect(all).toEqual(['1', '2', '3']);
    await until(() => seen.length === 3, 'three events');
    stop.abort();
    await tail;
  });

  it('counts what the relay does, and what waits', async () => {
    t.clock.advance(30);
    work.relayed.batch({ claimed: 2, sent: 2, refused: 0, dead: 0 });
    const text = await t.app.metrics.text();
    expect(text).toContain('crossborder_relay_sent_total 2');
    expect(text).toContain('crossborder_outbox_pending 2');
    expect(text).toContain('crossborder_outbox_dead 1');
    expect(text).toMatch(/crossborder_outbox_lag_seconds \d+/);
  });
});
