import { describe, expect, it } from '@jest/globals';
import { toJobId } from 'agenda';
import { DueNames, type HeldJob, HeldJobs } from '../../../src/infra/jobs/held-jobs.ts';
import { Gate } from '../../support/gate.ts';

const job = (id: string): HeldJob => ({
  _id: toJobId(id),
  lockToken: `token of ${id}`,
  name: 'test',
  priority: 0,
  nextRunAt: null,
  type: 'normal',
  data: undefined,
});

describe('the jobs that a worker holds', () => {
  it('are never more than can run, also when they are taken at the same time', async () => {
    const held = new HeldJobs(2);
    const taken = await Promise.all(['a', 'b', 'c'].map((id) => held.take(() => Promise.resolve(job(id)))));
    expect(taken.map((j) => j?._id)).toEqual(['a', 'b', undefined]);
    held.letGo('a');
    expect(await held.take(() => Promise.resolve(job('c')))).toBeDefined();
    expect(held.count).toBe(2);
  });

  it('become no more once it pauses, which waits for the claims under way', async () => {
    const held = new HeldJobs(2);
    const gate = new Gate();
    const claim = held.claim(async () => {
      await gate.opened;
      return held.take(() => Promise.resolve(job('a')));
    });
    const paused = held.pause();
    expect(await held.claim(() => Promise.resolve(job('b')))).toBeUndefined();
    gate.open();
    await paused;
    expect(await claim).toBeDefined();
    expect(held.tokenOf('a')).toBe('token of a');
  });
});

describe('the names of due jobs', () => {
  it('are asked for once by all who ask at the same moment, and again later', async () => {
    let queries = 0;
    const due = new DueNames(() => {
      queries++;
      return Promise.resolve(['a']);
    });
    expect(await Promise.all([due.has('a'), due.has('b')])).toEqual([true, false]);
    expect(queries).toBe(1);
    await due.has('a');
    expect(queries).toBe(2);
  });
});
