import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toMessage } from '../../../src/domain/eventstream/cloud-event.ts';
import type { ReceivedMessage } from '../../../src/domain/eventstream/event-log.ts';
import { OrderCompleted } from '../../../src/domain/orders/order.events.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { ConsumeEvent } from '../../../src/domain/use-cases/consume-event.ts';
import { ManageDeadLetters } from '../../../src/domain/use-cases/manage-dead-letters.ts';
import { SqlDeadLetterReadModel } from '../../../src/infra/db/eventstream/sql-dead-letters.ts';
import { type RawJson, toJson } from '../../../src/infra/db/values.ts';
import { defineConsumer } from '../../../src/jobs/consumers/define-consumer.ts';
import { GroupConsumer } from '../../../src/jobs/consumers/group-consumer.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const OPERATOR = { type: 'system', name: 'operator' } as const;

describe('a group that is past an event', () => {
  let t: TestApp;
  let broken: boolean;
  let group: GroupConsumer;
  let manage: ManageDeadLetters;
  let letters: SqlDeadLetterReadModel;
  const never = new AbortController().signal;
  let position = 0;
  const message = (
    sequence: number,
    id = newId(),
    aggregateId = 'order-1',
    occurredAt = new Date(),
  ): ReceivedMessage => ({
    ...toMessage({
      id,
      type: OrderCompleted.type,
      topic: 'order-events',
      aggregateType: 'order',
      aggregateId,
      sequence,
      occurredAt,
      payload: { orderId: aggregateId, number: String(sequence) },
      correlationId: undefined,
      traceparent: undefined,
      attempts: 0,
    }),
    partition: 0,
    position: String(++position),
  });
  const handle = async (...messages: ReceivedMessage[]) => {
    for (const m of messages) await group.handle(m, never);
  };
  const rows = async (action: string) =>
    (
      await t.app.connections.read.query<{ subject: string; details: RawJson | null }>(
        'SELECT subject, details FROM audit_log WHERE action = ? ORDER BY id',
        [action],
      )
    )
      .filter(({ details }) => details === null || !JSON.stringify(toJson(details)).includes('"failed"'))
      .map((r) => r.subject);
  const effects = () => rows('handled');
  const dead = async () => (await letters.page({ status: 'dead' }, { limit: 10 })).items;

  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
    const consumer = defineConsumer({
      group: 'g',
      event: OrderCompleted,
      handle: async (tx, { aggregateId }, { number }) => {
        await tx.audit.append({
          at: t.clock.now(),
          actor: 'system:test',
          action: 'handled',
          subject: `${aggregateId}#${number}`,
        });
        if (broken) throw new Error('a defect');
      },
    });
    group = new GroupConsumer({
      group: 'g',
      consumers: [consumer],
      knownTypes: new Set([OrderCompleted.type]),
      consumeEvent: new ConsumeEvent(t.app.db),
      log: t.app.log,
    });
    letters = new SqlDeadLetterReadModel(t.app.connections.read);
    manage = new ManageDeadLetters({
      db: t.app.db,
      clock: t.clock,
      letters,
      effectOf: (g, type) => (g === 'g' && type === OrderCompleted.type ? consumer.effect : undefined),
    });
  });
  beforeEach(async () => {
    broken = false;
    for (const table of ['inbox', 'consumer_positions', 'consumer_dead_letters', 'audit_log']) {
      await t.app.connections.write((sql) => sql.run(`DELETE FROM ${table}`));
    }
  });
  afterAll(() => t.close());

  it('drops what the log repeats, even when it has forgotten the event itself', async () => {
    const old = message(1, newId(), 'order-1', new Date(Date.now() - 40 * 24 * 3600 * 1000));
    await handle(old, message(2));
    await t.app.connections.write((sql) => sql.run('DELETE FROM inbox'));
    await handle(old, message(3), message(1, newId(), 'order-2'));
    expect(await effects()).toEqual(['order-1#1', 'order-1#2', 'order-1#3', 'order-2#1']);
  });

  it('buries an event that comes behind a later one of its aggregate, once, and handles it when it is replayed', async () => {
    const late = message(5);
    await handle(message(4), message(6), late, late, { ...late, position: '900' });
    expect(await effects()).toEqual(['order-1#4', 'order-1#6']);
    const [letter, ...more] = await dead();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      eventId: late.headers.id,
      cause: expect.stringContaining('went past event 5'),
    });
    expect(await manage.replay(OPERATOR, letter?.id ?? '')).toBe(true);
    await handle({ ...late, position: '901' }, message(7));
    expect(await effects()).toEqual(['order-1#4', 'order-1#6', 'order-1#5', 'order-1#7']);
    expect(await dead()).toEqual([]);
  });

  it('buries an older one too, as long as its group would remember that it had handled it', async () => {
    const [before, since] = [5, 2].map((days) => new Date(t.clock.now().getTime() - days * 24 * 3600 * 1000));
    await handle(message(9));
    await t.app.connections.write((sql) =>
      sql.run('UPDATE inbox SET handled_at = ?', [new Date((Number(before) + Number(since)) / 2)]),
    );
    await handle(message(7, newId(), 'order-1', before), message(8, newId(), 'order-1', since));
    expect((await dead()).map(({ cause }) => /event \d/.exec(cause)?.[0])).toEqual(['event 8']);
  });

  it('moves an aggregate on once, however many processes begin it at the same time', async () => {
    const first = message(1);
    const both = [first, first, first].map((m) => group.handle(m, never));
    await Promise.all(both);
    expect(await effects()).toEqual(['order-1#1']);
    await Promise.all([message(2), message(2)].map((m) => group.handle(m, never)));
    expect(await effects()).toHaveLength(2);
  });

  const bury = async (m: ReceivedMessage) => {
    broken = true;
    await handle(m);
    broken = false;
    const [letter] = await dead();
    if (letter === undefined) throw new Error('nothing was buried');
    return letter;
  };

  it('keeps a dead letter per message, also where a topic was made anew and counts its offsets again', async () => {
    const old = message(1);
    broken = true;
    await handle(old, old, { ...message(1, newId(), 'order-2'), position: old.position });
    const letters = await dead();
    expect(letters.map(({ position: p, key }) => [p, key])).toEqual([
      [old.position, 'order-1'],
      [old.position, 'order-2'],
    ]);
  });

  it('does not handle a buried event when the log repeats it, but does when it is replayed, once', async () => {
    const third = message(3);
    const letter = await bury(third);
    expect(letter).toMatchObject({
      group: 'g',
      eventId: third.headers.id,
      cause: 'Error: a defect',
      value: third.value,
    });
    await handle(message(4), { ...third, position: '900' });
    expect(await effects()).toEqual(['order-1#4']);
    const replays = await Promise.allSettled([
      manage.replay(OPERATOR, letter.id),
      manage.replay(OPERATOR, letter.id),
    ]);
    expect(replays.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await effects()).toEqual(['order-1#4', 'order-1#3']);
    expect(await rows('dead-letter.replay')).toEqual([`dead-letter:${letter.id}`]);
    expect(await dead()).toEqual([]);
  });

  it('replays many, the oldest first, each by itself: what still fails stays, and keeps none of the others', async () => {
    broken = true;
    const bad = { ...message(2), value: 'no JSON' };
    await handle(message(1), bad, message(3), message(1, newId(), 'order-2'));
    broken = false;
    const all = await dead();
    const [ids, badId] = [all.map(({ id }) => id), all[1]?.id];
    expect(await manage.replayEach(OPERATOR, manage.dead({ group: 'other' }))).toEqual({
      ...{ handled: 0, repeated: 0, failed: [] },
    });
    const type = OrderCompleted.type;
    expect(await manage.replayEach(OPERATOR, manage.dead({ group: 'g', type }))).toEqual({
      ...{ handled: 3, repeated: 0, failed: [{ id: badId, reason: expect.stringContaining('not JSON') }] },
    });
    expect(await effects()).toEqual(['order-1#1', 'order-1#3', 'order-2#1']);
    expect((await dead()).map(({ id }) => id)).toEqual([badId]);
    const { failed } = await manage.replayEach(OPERATOR, ids.slice(0, 1));
    expect(failed).toEqual([{ id: ids[0], reason: expect.stringContaining('decided on before') }]);
  });

  it('keeps a letter whose replay fails, with nothing half done', async () => {
    const letter = await bury(message(1));
    broken = true;
    await expect(manage.replay(OPERATOR, letter.id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('a defect'),
    });
    expect(await effects()).toEqual([]);
    expect(await rows('dead-letter.replay')).toEqual([]);
    expect((await dead()).map((l) => l.id)).toEqual([letter.id]);
  });

  it('keeps the exact text of what is no JSON, which can only be skipped, with a reason on record', async () => {
    await handle({ ...message(1), value: '{"half": "a message' });
    const [letter] = await dead();
    expect(letter?.value).toBe('{"half": "a message');
    const id = letter?.id ?? '';
    await expect(manage.replay(OPERATOR, id)).rejects.toMatchObject({
      message: expect.stringContaining('skip it'),
    });
    await manage.skip(OPERATOR, id, 'written by hand');
    await expect(manage.skip(OPERATOR, id, undefined)).rejects.toMatchObject({ code: 'conflict' });
    expect(await rows('dead-letter.skip')).toEqual([`dead-letter:${id}`]);
    await expect(manage.replay(OPERATOR, newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    [
      'the group has no consumer for, though the type is known',
      'order.paid.v1',
      'the group g does nothing about order.paid.v1',
    ],
    ['a newer version published', 'order.completed.v9', 'this version does not know order.completed.v9'],
  ])('says so when a letter is replayed that %s, and keeps it', async (_, type, why) => {
    const sent = message(1);
    const value = sent.value.replaceAll(OrderCompleted.type, type);
    const unknown = { ...sent, value, headers: { ...sent.headers, type } };
    await handle(unknown);
    const [letter] = await dead();
    expect(letter?.cause).toContain(`unknown event type ${type}`);
    await expect(manage.replay(OPERATOR, letter?.id ?? '')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(why),
    });
    expect(await dead()).toHaveLength(1);
    expect(await effects()).toEqual([]);
  });

  it('believes no sequence of a message that it could not read', async () => {
    const wrong = message(50);
    await handle({ ...wrong, value: wrong.value.replace('"number":"50"', '"number":50') }, message(1));
    expect(await effects()).toEqual(['order-1#1']);
  });
});
