import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DispatchOutbox } from '../../../src/domain/use-cases/dispatch-outbox.ts';
import { SqlOutboxReadModel } from '../../../src/infra/db/eventstream/sql-outbox.read-model.ts';
import { append, FaultyLog, orderEvent } from '../../support/events.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { until } from '../../support/until.ts';

const SETTINGS = {
  batchSize: 50,
  maxAttempts: 3,
  retryBaseSeconds: 30,
  maxBackoffSeconds: 600,
  sendTimeoutSeconds: 10,
};
const LEASE_SECONDS = 40;

describe('a relay that dies', () => {
  let t: TestApp;
  let log: FaultyLog;
  const relay = (): DispatchOutbox => {
    const outbox = new SqlOutboxReadModel(t.app.connections.read);
    return new DispatchOutbox({ db: t.app.db, clock: t.clock, outbox, log, settings: SETTINGS });
  };
  const event = (aggregateId: string, sequence: number) => orderEvent(aggregateId, sequence, t.clock.now());
  const drain = async (): Promise<void> => {
    while ((await relay().run()).claimed > 0);
  };
  const attempts = async (): Promise<unknown> =>
    (await t.app.connections.read.query('SELECT attempts FROM outbox WHERE attempts > 0')).length;
  const firsts = (): string[] => [...new Set(log.stored)];

  /** Starts a relay whose process ends at the moment when `reached` is true: it never goes on. */
  const die = async (reached: () => boolean): Promise<void> => {
    void relay().run();
    await until(reached, 'the relay to come to its end');
  };
  const never = (): Promise<never> => new Promise(() => undefined);

  beforeAll(async () => {
    t = await setupApp({ now: '2026-01-01T00:00:00Z' });
  });
  beforeEach(async () => {
    log = new FaultyLog();
    t.clock.advance(3600);
    await t.app.connections.write((sql) => sql.run('DELETE FROM outbox'));
    await append(t, event('a', 1), event('a', 2), event('b', 1));
  });
  afterAll(() => t.close());

  it('after its claim, before it sent: another sends all, in order, when the lease has ended', async () => {
    let claimed = false;
    const publish = log.publish.bind(log);
    log.publish = () => {
      claimed = true;
      return never();
    };
    await die(() => claimed);
    log.publish = publish;
    await drain();
    expect(log.stored.filter((s) => s.startsWith('b') || s === 'a:1')).toEqual([]);
    t.clock.advance(LEASE_SECONDS);
    await drain();
    expect(log.stored.filter((s) => s.startsWith('a'))).toEqual(['a:1', 'a:2']);
    expect(log.stored).toHaveLength(3);
    expect(await attempts()).toBe(0);
  });

  it('after it sent, before it marked: they are sent again, and the first occurrences stay in order', async () => {
    log.afterSend = never;
    await die(() => log.stored.length > 0);
    log.afterSend = () => Promise.resolve();
    t.clock.advance(LEASE_SECONDS);
    await drain();
    expect(log.stored.length).toBeGreaterThan(3);
    expect(firsts().filter((s) => s.startsWith('a'))).toEqual(['a:1', 'a:2']);
    expect(firsts()).toContain('b:1');
    expect(await attempts()).toBe(0);
  });
});
