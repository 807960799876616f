import { describe, expect, it } from '@jest/globals';
import { toJobId } from 'agenda';
import { DomainError } from '../../../src/domain/shared/errors.ts';
import { GroupCommit } from '../../../src/infra/jobs/group-commit.ts';
import { type HeldJob, HeldJobs } from '../../../src/infra/jobs/held-jobs.ts';
import { Gate } from '../../support/gate.ts';

const job = (id: string, queue = 'default'): HeldJob => ({
  _id: toJobId(id),
  lockToken: `token of ${id}`,
  name: 'test',
  queue,
  priority: 0,
  nextRunAt: null,
  type: 'normal',
  data: undefined,
  claimedAt: new Date(),
  attempts: [],
});

describe('the jobs that a worker holds', () => {
  it('are counted by queue until they are let go', () => {
    const held = new HeldJobs();
    held.add([job('a'), job('b', 'orders'), job('c')]);
    expect([held.count, held.countOf('default'), held.countOf('orders')]).toEqual([3, 2, 1]);
    held.finish('a');
    held.finish('a');
    expect([held.count, held.processed]).toEqual([2, 1]);
  });

  it('are not counted as processed when they are given back', () => {
    const held = new HeldJobs();
    held.add([job('a'), job('b')]);
    held.letGo('a');
    expect([held.count, held.processed]).toEqual([1, 0]);
  });

  it('are offered once, and under their own name only', () => {
    const held = new HeldJobs();
    held.offer(job('a'));
    expect(held.takeOffered('another')).toBeUndefined();
    expect(held.takeOffered('test')?._id).toBe('a');
    expect(held.takeOffered('test')).toBeUndefined();
  });
});

describe('what is stored in groups', () => {
  it('waits for the group before it, and goes together', async () => {
    const gate = new Gate();
    const groups: number[][] = [];
    const commit = new GroupCommit<number>(async (items) => {
      groups.push([...items]);
      await gate.opened;
    });
    const first = commit.add(1);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = [commit.add(2), commit.add(3)];
    gate.open();
    await Promise.all([first, ...rest]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('goes one by one when the group is refused: only what is wrong fails', async () => {
    const stored: number[][] = [];
    const commit = new GroupCommit<number>((items) => {
      if (items.includes(1)) return Promise.reject(new Error('refused'));
      stored.push([...items]);
      return Promise.resolve();
    });
    const all = await Promise.allSettled([1, 2, 3].map((n) => commit.add(n)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(stored).toEqual([[2], [3]]);
  });

  it('fails together when the store is away, and the next group does not', async () => {
    let tries = 0;
    const commit = new GroupCommit<number>((items) => {
      tries++;
      return items.includes(1) ? Promise.reject(new DomainError('unavailable', 'away')) : Promise.resolve();
    });
    await Promise.all([1, 2].map((n) => expect(commit.add(n)).rejects.toThrow('away')));
    expect(tries).toBe(1);
    await commit.add(3);
  });
});
