import { MongoClient, ObjectId } from 'mongodb';

const COLLECTION = 'jobs';

/** The documents that our own worker has, claimed and completed by nothing but the driver. @returns jobs per second */
export async function bareMongoLoop(url: string, count: number, concurrency: number): Promise<number> {
  const client = new MongoClient(url);
  try {
    const jobs = client.db().collection(COLLECTION);
    await fillMongo(url, count);
    const start = performance.now();
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (;;) {
          const now = new Date();
          const lockToken = new ObjectId().toHexString();
          const job = await jobs.findOneAndUpdate(
            { name: 'bench.nothing', disabled: { $ne: true }, lockedAt: null, nextRunAt: { $lte: now } },
            { $set: { lockedAt: now, lockToken, lastRunAt: now } },
            { sort: { priority: -1, nextRunAt: 1 } },
          );
          if (job === null) return;
          await jobs.updateOne(
            { _id: job._id, lockToken },
            { $set: { lockedAt: null, lockToken: null, nextRunAt: null, lastFinishedAt: new Date() } },
          );
        }
      }),
    );
    return count / ((performance.now() - start) / 1000);
  } finally {
    await client.close();
  }
}

/** As the handover would have brought them. */
export async function fillMongo(url: string, count: number): Promise<void> {
  const client = new MongoClient(url);
  try {
    const jobs = client.db().collection(COLLECTION);
    await jobs.deleteMany({});
    const at = new Date();
    const nothing = {
      lockedAt: null,
      lockToken: null,
      lastRunAt: null,
      lastFinishedAt: null,
      failedAt: null,
    };
    await jobs.insertMany(
      Array.from({ length: count }, () => ({
        name: 'bench.nothing',
        queue: 'default',
        data: { data: { at: at.getTime() } },
        type: 'normal',
        priority: 0,
        nextRunAt: at,
        createdAt: at,
        ...nothing,
        failCount: null,
        failReason: null,
        disabled: null,
      })),
    );
  } finally {
    await client.close();
  }
}

export async function dropMongo(url: string): Promise<void> {
  const client = new MongoClient(url);
  await client.db().dropDatabase();
  await client.close();
}
