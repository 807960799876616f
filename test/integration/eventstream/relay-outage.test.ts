import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DispatchOutbox } from '../../../src/domain/use-cases/dispatch-outbox.ts';
import { SqlOutboxReadModel } from '../../../src/infra/db/eventstream/sql-outbox.read-model.ts';
import { startRelay } from '../../../src/jobs/relay.ts';
import type { WorkingApp } from '../../../src/jobs/work.ts';
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

describe('a relay whose event log is away', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await setupApp();
  });
  afterAll(() => t.close());

  it('says so once, counts each try as a failure and none as a batch, and says when it is over', async () => {
    const log = new FaultyLog();
    log.away = true;
    log.ping = () => (log.away ? Promise.reject(new Error('away')) : Promise.resolve());
    const said: string[] = [];
    const tell = (_facts: object, text: string): void => void said.push(text);
    let [failures, batches] = [0, 0];
    const work = await t.app.work();
    const dispatchOutbox = new DispatchOutbox({
      db: t.app.db,
      clock: t.clock,
      outbox: new SqlOutboxReadModel(t.app.connections.read),
      log,
      settings: SETTINGS,
    });
    const app: WorkingApp = {
      ...t.app,
      log: { debug: tell, info: tell, warn: tell, error: tell },
      work: () =>
        Promise.resolve({
          ...work,
          eventLog: log,
          dispatchOutbox,
          relayed: { batch: () => batches++, failure: () => failures++ },
        }),
    };
    await append(t, orderEvent('a', 1, t.clock.now()));
    const relay = await startRelay(app);
    await until(() => failures >= 3, 'three tries');
    const relevant = () => said.filter((text) => /published/.test(text));
    expect(relevant()).toEqual(['events cannot be published: they wait in the outbox']);
    expect(batches).toBe(0);
    log.away = false;
    await until(() => log.stored.length === 1 && batches === 1, 'the event');
    expect(relevant()).toEqual([
      'events cannot be published: they wait in the outbox',
      'events are published again',
    ]);
    await relay.stop();
  });
});
