import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Workspace } from '../../support/workspace.ts';

describe('commands while MongoDB is away', () => {
  // Nothing listens there.
  const place = new Workspace({ MONGO_URL: 'mongodb://127.0.0.1:1/away' });
  beforeAll(async () => {
    expect((await place.run(['migrate'])).code).toBe(0);
  }, 60_000);
  afterAll(() => place.remove());

  it('list queues and processes all the same, and say what is not known', async () => {
    const queues = await place.run(['queues', 'list']);
    expect([queues.code, queues.stderr]).toEqual([0, expect.stringContaining('cannot be reached')]);
    expect(queues.stdout).toMatch(/orders +open +\? /);
    const workers = await place.run(['workers', 'list', '--json']);
    expect([workers.code, JSON.parse(workers.stdout)]).toEqual([0, { workers: [] }]);
  }, 60_000);

  it('start no worker, which says that MongoDB is away and which setting to check', async () => {
    const worker = await place.run(['worker'], { env: { LOG_LEVEL: 'info' } });
    expect(worker.code).toBe(3);
    expect(worker.stderr).toMatch(/^error: MongoDB cannot be reached: check MONGO_URL/m);
    expect(worker.stdout + worker.stderr).not.toMatch(/unhandled|Warning|at .*\.js:\d+/i);
  }, 60_000);
});
