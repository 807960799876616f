import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/domain/shared/clock.ts';
import type { Connections, Sql } from '../../../src/infra/db/sql.ts';
import type { SqlParam } from '../../../src/infra/db/values.ts';
import { SqlAgendaStore } from '../../../src/infra/jobs/sql.agenda-store.ts';
import { SqlJobControl } from '../../../src/infra/jobs/sql.job-control.ts';
import { SqlJobRepository } from '../../../src/infra/jobs/sql-job.repository.ts';
import { describeBadJobs } from '../../support/bad-job-conformance.ts';
import { describeJobStore, type StoreUnderTest } from '../../support/job-conformance.ts';
import { describeLostJobs } from '../../support/job-loss-conformance.ts';
import { describeStops } from '../../support/job-stop-conformance.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await setupApp({ env: { LOG_LEVEL: 'silent' } });
});
afterAll(() => t.close());

const under: StoreUnderTest = {
  endStatements: 1,
  app: () => t,
  open: () => new SqlAgendaStore(t.app.connections, t.app.signals, t.app.log),
  control: () => new SqlJobControl(t.app.connections, systemClock),
  clear: async () => {
    await t.app.connections.write((sql) => sql.run('DELETE FROM jobs'));
  },
  jobs: async () => {
    const rows = await t.app.connections.read.query<{
      fail_count: number;
      fail_reason: string | null;
      last_finished_at: unknown;
      next_run_at: unknown;
      locked_at: unknown;
    }>('SELECT fail_count, fail_reason, last_finished_at, next_run_at, locked_at FROM jobs');
    return rows.map((r) => ({
      failCount: r.fail_count,
      failReason: r.fail_reason ?? undefined,
      finished: r.last_finished_at !== null && r.next_run_at === null,
      locked: r.locked_at !== null,
    }));
  },
};
describeJobStore('the database', under);
describeLostJobs('the database', under);
describeBadJobs('the database', under);
describeStops('the database', under);

describe('the job store of the database', () => {
  it('keeps what is retried while it purges', async () => {
    const { connections, app } = { connections: t.app.connections, app: t.app };
    await connections.write((sql) => sql.run('DELETE FROM jobs'));
    const limits = { worker: 'one', lockSeconds: 20, maxLost: 3 };
    const repository = new SqlJobRepository(connections, limits, app.log);
    const job = { name: 'a', priority: 0, nextRunAt: null, type: 'normal', data: { data: 1 } } as const;
    await repository.saveJob(job, undefined);
    await connections.write((sql) => sql.run('UPDATE jobs SET last_finished_at = ?', [new Date(0)]));
    // An operator is between the look and the deletion.
    const disturbed = (sql: Sql): Sql => ({
      ...sql,
      run: (text, params) => sql.run(text, params),
      signal: (topic) => sql.signal(topic),
      query: async <Row>(text: string, params?: readonly SqlParam[]) => {
        const rows = await sql.query<Row>(text, params);
        await sql.run('UPDATE jobs SET next_run_at = ?', [new Date()]);
        return rows;
      },
    });
    const { read, kind } = connections;
    const between: Connections = {
      ...{ kind, read },
      write: (work) => connections.write((sql) => work(disturbed(sql))),
      onSignal: () => () => undefined,
      tell: () => undefined,
      onStatement: () => () => undefined,
      ping: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const before = { all: new Date(), dead: new Date() };
    expect(await new SqlAgendaStore(between, app.signals, app.log).purgeFinished(before, 10)).toBe(0);
    expect((await repository.queryJobs({ name: 'a' })).total).toBe(1);
  });
});
