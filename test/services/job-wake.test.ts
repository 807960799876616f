import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type App, createApp } from '../../src/app.ts';
import { ExpireUnpaid } from '../../src/domain/jobs/maintenance.jobs.ts';
import { addSeconds } from '../../src/domain/shared/clock.ts';
import type { EnqueueOptions } from '../../src/domain/shared/job.ts';
import { WORKERS_SIGNAL } from '../../src/infra/db/jobs/sql-worker.store.ts';
import { MongoAgendaStore } from '../../src/infra/jobs/mongo.agenda-store.ts';
import { SqlAgendaStore } from '../../src/infra/jobs/sql.agenda-store.ts';
import { realServices, type Services } from '../support/services.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';
import { until } from '../support/until.ts';

const OPERATOR = { type: 'system', name: 'test' } as const;

describe('the workers of other programs are woken over Redis', () => {
  let services: Services;
  let t: TestApp;
  let other: App;

  beforeAll(async () => {
    services = realServices();
    const { REDIS_URL, MONGO_URL } = services.env;
    t = await setupApp({ env: { REDIS_URL, MONGO_URL, LOG_LEVEL: 'silent' } });
    other = await createApp(t.app.config);
  }, 60_000);
  afterAll(async () => {
    await other.close();
    await t.close();
    await services.drop();
  }, 60_000);

  const enqueue = (options?: EnqueueOptions): Promise<void> =>
    t.app.db.transaction((tx) => tx.jobs.enqueue(ExpireUnpaid, { limit: 1 }, options));
  const mongo = ({ config, connections, signals, log }: App): MongoAgendaStore =>
    new MongoAgendaStore(config.mongoUrl ?? '', { sql: connections, signals }, log);
  /** All that was told by this program before has arrived at the other: Redis keeps the order. */
  const allArrived = async (): Promise<void> => {
    let arrived = false;
    const end = other.signals.onSignal(WORKERS_SIGNAL, () => {
      arrived = true;
    });
    await until(() => {
      t.app.connections.tell(WORKERS_SIGNAL);
      return arrived;
    }, 'the subscription');
    end();
  };

  it('when a job is enqueued in SQL', async () => {
    let woken = 0;
    const end = new SqlAgendaStore(other.connections, other.signals, other.log).onEnqueued(() => woken++);
    await allArrived();
    expect(woken).toBe(0);
    await enqueue();
    await until(() => woken > 0, 'the other program to hear of it');
    end();
  }, 60_000);

  it('when a job is handed over to MongoDB by another program, or changed there by an operator', async () => {
    const [store, others] = [mongo(t.app), mongo(other)];
    let woken = 0;
    // It hands nothing over itself: what it hears of, it hears through Redis.
    const end = others.onEnqueued(() => woken++);
    await allArrived();
    expect(woken).toBe(0);
    await store.repository({ worker: 'w', lockSeconds: 20, maxLost: 3 });
    await enqueue({ uniqueKey: 'later', runAt: addSeconds(t.clock.now(), 3600) });
    await until(() => woken > 0, 'the other program to hear of the handover');
    await store.close();
    await allArrived();

    const before = woken;
    const { jobs } = await t.app.control();
    const { id } = await jobs.getByKey('later');
    expect((await jobs.change(OPERATOR, 'run-now', [id])).changed).toEqual([id]);
    await until(() => woken > before, 'the other program to hear of the change');
    end();
    await others.close();
  }, 60_000);
});
