import { expect, it } from '@jest/globals';
import { jobCatalog } from '../../../src/jobs/job-catalog.ts';
import { handlersOf } from '../../../src/jobs/worker.ts';
import { setupApp } from '../../support/setup-app.ts';

it('the catalogue names every job that a worker runs, and no other', async () => {
  const t = await setupApp();
  try {
    const handlers = handlersOf(t.app, await t.app.work());
    expect([...jobCatalog.keys()].sort()).toEqual(handlers.map(({ name }) => name).sort());
    for (const { name, queue } of handlers)
      expect([name, jobCatalog.get(name)?.queue]).toEqual([name, queue]);
  } finally {
    await t.close();
  }
});
