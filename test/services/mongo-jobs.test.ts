import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Db, type Document, MongoClient } from 'mongodb';
import { systemClock } from '../../src/domain/shared/clock.ts';
import type { Log } from '../../src/domain/shared/log.ts';
import { MongoAgendaStore } from '../../src/infra/jobs/mongo.agenda-store.ts';
import { MongoJobControl } from '../../src/infra/jobs/mongo.job-control.ts';
import { JOB_COLLECTION, JOB_INDICES, type JobDocument } from '../../src/infra/jobs/mongo-job.document.ts';
import { FencedMongoJobRepository } from '../../src/infra/jobs/mongo-job.repository.ts';
import { SqlJobControl } from '../../src/infra/jobs/sql.job-control.ts';
import { describeBadJobs } from '../support/bad-job-conformance.ts';
import { describeJobStore, type StoreUnderTest } from '../support/job-conformance.ts';
import { describeLostJobs } from '../support/job-loss-conformance.ts';
import { describeStops } from '../support/job-stop-conformance.ts';
import { realServices, type Services } from '../support/services.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';

let services: Services;
let t: TestApp;
let client: MongoClient;
let control: MongoJobControl;
const url = (): string => services.env.MONGO_URL ?? '';
const jobs = () => client.db().collection<JobDocument>(JOB_COLLECTION);

beforeAll(async () => {
  services = realServices();
  t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
  client = new MongoClient(url());
  control = new MongoJobControl(url(), systemClock, new SqlJobControl(t.app.connections, systemClock));
});
afterAll(async () => {
  await t.close();
  await client.close();
  await control.close();
  await services.drop();
});

const LIMITS = { worker: 'w', lockSeconds: 20, maxLost: 5 };

/** A database whose primary is lost as soon as a job is to be postponed. */
function withoutPostponement(db: Db): Db {
  const open = db.collection.bind(db);
  db.collection = <T extends Document>(name: string) => {
    const collection = open<T>(name);
    const write = collection.bulkWrite.bind(collection);
    collection.bulkWrite = (operations, options) =>
      JSON.stringify(operations).includes('nextRunAt":"')
        ? Promise.reject(new Error('not primary'))
        : write(operations, options);
    return collection;
  };
  return db;
}

const under: StoreUnderTest = {
  endStatements: 0,
  app: () => t,
  open: () => new MongoAgendaStore(url(), { sql: t.app.connections, signals: t.app.signals }, t.app.log),
  control: () => control,
  clear: async () => {
    await t.app.connections.write((sql) => sql.run('DELETE FROM jobs'));
    await jobs().deleteMany({});
  },
  jobs: async () =>
    (await jobs().find().toArray()).map((job) => ({
      failCount: job.failCount ?? 0,
      failReason: job.failReason ?? undefined,
      finished: job.lastFinishedAt !== null && job.nextRunAt === null,
      locked: job.lockedAt !== null,
    })),
};
describeJobStore('MongoDB', under);
describeLostJobs('MongoDB', under);
describeBadJobs('MongoDB', under);
describeStops('MongoDB', under);

it('MongoDB has an index for each list, count and purge of jobs', async () => {
  const store = new MongoAgendaStore(url(), { sql: t.app.connections, signals: t.app.signals }, t.app.log);
  await store.repository({ worker: 'w', lockSeconds: 20, maxLost: 3 });
  await store.close();
  const names = (await jobs().indexes()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(JOB_INDICES.map(({ name }) => name)));
});

it('MongoDB runs what was claimed also when the suspects beside it could not be postponed', async () => {
  await under.clear();
  const suspects = 3;
  const lost = { startedAt: new Date(0), endedAt: new Date(0), outcome: 'lost' };
  const seed = new FencedMongoJobRepository(client.db(), LIMITS, t.app.log);
  for (let i = 0; i < suspects; i++)
    await seed.saveJob({ name: 'suspect', type: 'normal', priority: 0, nextRunAt: new Date(0), data: {} });
  await jobs().updateMany({}, { $set: { attempts: [lost, lost] } });
  const warnings: string[] = [];
  const warn = (_: object, message: string) => void warnings.push(message);
  const log: Log = { debug: () => undefined, info: () => undefined, warn, error: () => undefined };
  const repository = new FencedMongoJobRepository(withoutPostponement(client.db()), LIMITS, log);
  const runs = await repository.claim('suspect', suspects, suspects);
  expect([runs.length, warnings]).toEqual([1, ['jobs could not be postponed']]);
  expect(repository.held.all).toEqual(runs);
});

it('a purge of MongoDB goes on from where its last batch came to', async () => {
  await under.clear();
  const ended = (second: number) => ({
    ...{ queue: 'default', nextRunAt: null, lockedAt: null, failCount: 0 },
    lastFinishedAt: new Date(second * 1000),
  });
  const store = under.open();
  await client
    .db()
    .collection(JOB_COLLECTION)
    .insertMany([ended(3), ended(2)]);
  const before = { all: new Date(), dead: new Date() };
  expect(await store.purgeFinished(before, 1)).toBe(1);
  expect((await jobs().find().toArray()).map((job) => job.lastFinishedAt)).toEqual([new Date(3000)]);
  await client.db().collection(JOB_COLLECTION).insertOne(ended(1));
  // What it has left behind it is the next purge's.
  expect([await store.purgeFinished(before, 9), await store.purgeFinished({ ...before }, 9)]).toEqual([1, 1]);
  await store.close();
});

it('MongoDB is told to be away, soon, when it freezes under an open connection', async () => {
  const target = new URL(url());
  const sockets: Socket[] = [];
  let frozen = false;
  const link = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
    sockets.push(near, far);
    if (!frozen) near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => link.listen(0, '127.0.0.1', resolve));
  const through = new URL(url());
  through.host = `127.0.0.1:${(link.address() as AddressInfo).port}`;
  through.searchParams.set('directConnection', 'true');
  const staged = new SqlJobControl(t.app.connections, systemClock);
  const linked = new MongoJobControl(through.href, systemClock, staged);
  try {
    expect(await linked.find('0'.repeat(24))).toBeUndefined();
    frozen = true;
    for (const socket of sockets) socket.unpipe().pause();
    await expect(linked.counts()).rejects.toMatchObject({ kind: 'unavailable' });
  } finally {
    for (const socket of sockets) socket.destroy();
    await linked.close();
    link.close();
  }
}, 30_000);
