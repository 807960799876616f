import { describe, expect, it } from '@jest/globals';
import { toJobId } from 'agenda';
import { DomainError } from '../../../src/domain/shared/errors.ts';
import { type HeldJob, HeldJobs } from '../../../src/infra/jobs/held-jobs.ts';
import { type JobEnd, JobEnds } from '../../../src/infra/jobs/job-ends.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const job = (id: string): HeldJob => ({
  _id: toJobId(id),
  lockToken: `token of ${id}`,
  name: 'test',
  queue: 'default',
  priority: 0,
  nextRunAt: null,
  type: 'normal',
  data: undefined,
  claimedAt: new Date(),
  attempts: [],
});

/** Two held jobs that have succeeded, and a store. */
function ended(store: (ends: readonly JobEnd[], tries: number) => Promise<readonly string[]>) {
  const held = new HeldJobs();
  const jobs = ['a', 'b'].map(job);
  held.add(jobs);
  for (const id of ['a', 'b'])
    Object.assign(held.get(id) ?? {}, { ending: { outcome: 'succeeded', result: id } });
  let tries = 0;
  const ends = new JobEnds({ held, worker: 'w', log, store: (group) => store(group, ++tries) });
  return { held, save: () => Promise.allSettled(jobs.map((one) => ends.save(one))) };
}

describe('the ends of jobs', () => {
  it('wait while the store is away, and are stored as they were', async () => {
    // Each waits by itself, so either may be the first.
    const stored: Record<string, string | null> = {};
    const { held, save } = ended((group, tries) => {
      if (tries < 3) return Promise.reject(new DomainError('unavailable', 'away'));
      for (const { id, result } of group) stored[id] = result;
      return Promise.resolve([]);
    });
    const saved = await save();
    expect(saved.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(stored).toEqual({ a: '"a"', b: '"b"' });
    expect(held.count).toBe(0);
  });

  it('keep no other back when one is refused, which is stored without its result in the end', async () => {
    const stored = new Map<string, string | null>();
    const { save } = ended((group) => {
      if (group.some(({ result }) => result === '"a"')) return Promise.reject(new Error('refused'));
      for (const { id, result } of group) stored.set(id, result);
      return Promise.resolve([]);
    });
    await save();
    expect([...stored]).toEqual([
      ['b', '"b"'],
      ['a', '"the result could not be kept"'],
    ]);
  });

  it('are not stored any more when the job was given back meanwhile', async () => {
    let tries = 0;
    const { held, save } = ended(() => {
      tries++;
      held.letGo('a');
      held.letGo('b');
      return Promise.reject(new DomainError('unavailable', 'away'));
    });
    const saved = await save();
    expect(saved.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(tries).toBe(1);
  });
});
