import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '../../../src/app.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
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

  it('show and change with --in-database the jobs that the database still has', async () => {
    const app = await createApp(place.config);
    const row = [newId(), 'test.left', 'default', '{}', 0, 3, 'boom', false, new Date()];
    const columns = ['id', 'name', 'queue', 'data', 'priority', 'fail_count', 'fail_reason', 'disabled'];
    await app.connections.write((sql) => insertRows(sql, 'jobs', [...columns, 'created_at'], [row]));
    await app.close();
    const id = String(row[0]);
    const jobs = async (...args: readonly string[]) => {
      const { code, stdout } = await place.run(['jobs', ...args, '--in-database', '--json']);
      return [code, JSON.parse(stdout) as unknown];
    };
    expect(await jobs('list', '--state', 'dead')).toMatchObject([0, { items: [{ id, error: 'boom' }] }]);
    expect(await jobs('show', id)).toMatchObject([0, { id, state: 'dead' }]);
    for (const action of ['retry', 'cancel', 'delete'])
      expect([action, ...(await jobs(action, id))]).toEqual([action, 0, { changed: [id], unchanged: [] }]);
  }, 60_000);

  it('start no worker, which says that MongoDB is away and which setting to check', async () => {
    const worker = await place.run(['worker'], { env: { LOG_LEVEL: 'info' } });
    expect(worker.code).toBe(3);
    expect(worker.stderr).toMatch(/^error: MongoDB cannot be reached: check MONGO_URL/m);
    expect(worker.stdout + worker.stderr).not.toMatch(/unhandled|Warning|at .*\.js:\d+/i);
  }, 60_000);
});
