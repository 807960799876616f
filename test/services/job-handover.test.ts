import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import {
  type BulkWriteResult,
  type Collection,
  MongoBulkWriteError,
  MongoClient,
  type WriteError,
} from 'mongodb';
import { systemClock } from '../../src/domain/shared/clock.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { insertRows } from '../../src/infra/db/insert-rows.ts';
import { JobHandover } from '../../src/infra/jobs/job-handover.ts';
import { MongoAgendaStore } from '../../src/infra/jobs/mongo.agenda-store.ts';
import { MongoJobControl } from '../../src/infra/jobs/mongo.job-control.ts';
import { JOB_COLLECTION, type JobDocument } from '../../src/infra/jobs/mongo-job.document.ts';
import { SqlJobControl } from '../../src/infra/jobs/sql.job-control.ts';
import { SqlJobRepository } from '../../src/infra/jobs/sql-job.repository.ts';
import { realServices, type Services } from '../support/services.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';
import { until } from '../support/until.ts';

const LIMITS = { worker: 'gone', lockSeconds: 20, maxLost: 5 };

let services: Services;
let t: TestApp;
let client: MongoClient;
let control: MongoJobControl;
let store: MongoAgendaStore;
const url = (): string => services.env.MONGO_URL ?? '';
const jobs = () => client.db().collection<JobDocument>(JOB_COLLECTION);
const staged = () => new SqlJobControl(t.app.connections, systemClock);

beforeAll(async () => {
  services = realServices();
  t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
  client = new MongoClient(url());
  control = new MongoJobControl(url(), systemClock, staged());
});
beforeEach(async () => {
  await t.app.connections.write((sql) => sql.run('DELETE FROM jobs'));
  await jobs().deleteMany({});
  store = new MongoAgendaStore(url(), { sql: t.app.connections, signals: t.app.signals }, t.app.log);
});
afterEach(() => store.close());
afterAll(async () => {
  await t.close();
  await client.close();
  await control.close();
  await services.drop();
});

const COLUMNS = [
  ...['id', 'name', 'queue', 'data', 'priority', 'turn', 'unique_key', 'next_run_at', 'fail_count'],
  ...['disabled', 'created_at'],
];
const enqueue = (key: string, data: unknown = {}): Promise<void> => {
  const json = JSON.stringify({ data });
  const row = [newId(), 'test.moved', 'default', json, 0, 0, key, new Date(), 0, false, new Date()];
  return t.app.connections.write((sql) => insertRows(sql, 'jobs', COLUMNS, [row]));
};

it('takes to MongoDB what a worker without it had when it was lost, with its past, and leaves what runs', async () => {
  for (const key of ['stranded', 'runs']) await enqueue(key);
  const before = new SqlJobRepository(t.app.connections, LIMITS, t.app.log);
  expect(await before.claim('test.moved', 2, 2)).toHaveLength(2);
  const at = new Date(Date.now() - 60_000);
  const failed = [{ startedAt: at, endedAt: at, worker: 'first', outcome: 'failed', error: 'not yet' }];
  await t.app.connections.write((sql) =>
    sql.run('UPDATE jobs SET locked_at = ?, fail_count = 2, attempts = ? WHERE unique_key = ?', [
      at,
      JSON.stringify(failed),
      'stranded',
    ]),
  );
  const repository = await store.repository({ ...LIMITS, worker: 'new' });
  const [taken] = await until(async () => {
    const some = await repository.claim('test.moved', 2, 2);
    return some.length > 0 && some;
  }, 'the stranded job');
  expect(taken).toMatchObject({ failCount: 2, takenOver: true });
  expect((await control.findByKey('stranded'))?.attempts).toMatchObject([
    { outcome: 'failed', worker: 'first', error: 'not yet' },
    { outcome: 'lost', worker: 'gone' },
  ]);
  expect((await staged().page({}, { limit: 9 })).items).toMatchObject([{ state: 'running', worker: 'gone' }]);
});

/** As a server with a validator does it, which the server of the tests has not. */
const validating = (collection: Collection<JobDocument>): Collection<JobDocument> =>
  new Proxy(collection, {
    get: (target, name) => (name === 'insertMany' ? insertValid : (Reflect.get(target, name) as unknown)),
  });
const insertValid = async (documents: readonly JobDocument[]): Promise<void> => {
  await jobs().insertMany(documents.filter(({ uniqueKey }) => uniqueKey !== 'invalid'));
  const index = documents.findIndex(({ uniqueKey }) => uniqueKey === 'invalid');
  if (index === -1) return;
  const refused = { index, code: 121, errmsg: 'Document failed validation' } as WriteError;
  throw new MongoBulkWriteError(
    { message: 'refused', code: 121, writeErrors: [refused] },
    {} as BulkWriteResult,
  );
};

it('counts what waits in the database to be handed over, and since when', async () => {
  const counts = async () => (await control.counts()).find(({ queue }) => queue === 'default');
  await enqueue('first');
  await store.repository(LIMITS);
  await until(() => control.findByKey('first'), 'the first');
  expect(await until(async () => (await staged().counts()).length === 0, 'its row to be gone')).toBe(true);
  const since = (await counts())?.oldestReadyAt;
  await store.close();
  await enqueue('second');
  expect(await counts()).toMatchObject({ ready: 2, oldestReadyAt: since });
  await jobs().deleteMany({});
  const { runAt } = (await staged().page({}, { limit: 1 })).items[0] ?? {};
  expect(await counts()).toMatchObject({ ready: 1, oldestReadyAt: runAt });
});

it('steps over a job that MongoDB refuses, which stays in the database with the reason', async () => {
  for (const key of ['invalid', 'fine 0', 'fine 1']) await enqueue(key);
  // No name in a document has a null in it.
  await enqueue('name', { 'a\u0000b': 1 });
  const handover = new JobHandover({
    sql: t.app.connections,
    signals: t.app.signals,
    jobs: validating(jobs()),
    log: t.app.log,
    lockSeconds: 20,
    delivered: () => undefined,
  });
  try {
    const left = await until(async () => {
      const { items } = await staged().page({}, { limit: 9 });
      return items.every((job) => job.state === 'dead') && items;
    }, 'nothing to wait');
    expect(left.map((job) => job.error)).toEqual([
      expect.stringMatching(/^MongoDB refused it: .* null bytes/),
      'MongoDB refused it: Document failed validation',
    ]);
    expect(await jobs().countDocuments()).toBe(2);
    await enqueue('later');
    await until(() => control.findByKey('later'), 'one that came later');
  } finally {
    await handover.stop();
  }
});

it('purges what ended in the database, and so gives its key back', async () => {
  const lastFinishedAt = new Date(Date.now() - 60_000);
  const ended = async (key: string, failCount: number): Promise<void> => {
    await enqueue(key);
    await t.app.connections.write((sql) =>
      sql.run(
        'UPDATE jobs SET next_run_at = NULL, turn = NULL, last_finished_at = ?, fail_count = ? WHERE unique_key = ?',
        [lastFinishedAt, failCount, key],
      ),
    );
  };
  await ended('done', 0);
  await ended('dead', 1);
  await client
    .db()
    .collection(JOB_COLLECTION)
    .insertOne({ queue: 'default', nextRunAt: null, lockedAt: null, lastFinishedAt, failCount: 0 });
  await enqueue('waits');
  const keys = async () =>
    (
      await t.app.connections.read.query<{ unique_key: string }>(
        'SELECT unique_key FROM jobs ORDER BY unique_key',
      )
    ).map((row) => row.unique_key);
  const [past, now] = [new Date(Date.now() - 3_600_000), new Date()];
  // One of MongoDB, and as many of the database as are left of the limit.
  expect(await store.purgeFinished({ all: now, dead: past }, 1)).toBe(1);
  expect(await keys()).toEqual(['dead', 'done', 'waits']);
  expect(await store.purgeFinished({ all: now, dead: past }, 10)).toBe(1);
  expect(await keys()).toEqual(['dead', 'waits']);
  expect((await control.counts()).map(({ dead }) => dead)).toEqual([1]);
  expect(await store.purgeFinished({ all: now, dead: now }, 10)).toBe(1);
  expect(await keys()).toEqual(['waits']);
});
