import { describe, expect, it } from '@jest/globals';
import { type Job, toJobId } from 'agenda';
import type { JobHandler } from '../../../src/domain/jobs/job-runner.ts';
import { HeldJobs } from '../../../src/infra/jobs/held-jobs.ts';
import { runJob } from '../../../src/infra/jobs/run-job.ts';

const LIMITS = { softTimeoutSeconds: 60, timeoutSeconds: 60, lockSeconds: 20 };
const handler: JobHandler = { name: 'test', queue: 'default', run: () => Promise.resolve() };

describe('one try of a job', () => {
  it('whose data is no envelope may be cut off before its end is stored', async () => {
    const held = new HeldJobs();
    const attrs = { _id: toJobId('a'), name: 'test', data: 'no envelope' };
    held.add([
      {
        ...{ _id: attrs._id, name: 'test', queue: 'default', priority: 0, type: 'normal', data: attrs.data },
        ...{ lockToken: 'mine', nextRunAt: null, claimedAt: new Date(), attempts: [] },
      },
    ]);
    await expect(runJob(handler, { attrs } as unknown as Job, held, LIMITS)).rejects.toThrow();
    held.get('a')?.cutOff?.(new Error('cancelled'));
    // A rejection that nobody handles would fail this test, as it would end the program.
    await new Promise((resolve) => setTimeout(resolve));
    expect(held.get('a')?.ending).toMatchObject({ outcome: 'failed' });
  });
});
