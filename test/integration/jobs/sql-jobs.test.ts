import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/domain/shared/clock.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
import type { Connections } from '../../../src/infra/db/sql.ts';
import { type RawInteger, type SqlParam, toInt } from '../../../src/infra/db/values.ts';
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
    const between = lookingAt(connections, async (look) => {
      const rows = await look();
      await connections.write((sql) => sql.run('UPDATE jobs SET next_run_at = ?', [new Date()]));
      return rows;
    });
    const before = { all: new Date(), dead: new Date() };
    expect(await new SqlAgendaStore(between, app.signals, app.log).purgeFinished(before, 10)).toBe(0);
    expect((await repository.queryJobs({ name: 'a' })).total).toBe(1);
  });

  it('reads the dead jobs that it keeps once in a purge, and never while others wait to write', async () => {
    const { connections, signals, log } = t.app;
    await connections.write((sql) => sql.run('DELETE FROM jobs'));
    const columns = ['id', 'name', 'queue', 'data', 'priority', 'last_finished_at', 'fail_count', 'disabled'];
    const ended = (second: number, failCount: number, disabled = false): readonly SqlParam[] => {
      const at = new Date(second * 1000);
      return [newId(), 'a', 'default', '{}', 0, at, failCount, disabled, at];
    };
    const kept = Array.from({ length: 20 }, () => ended(100, 1));
    const gone = Array.from({ length: 11 }, () => ended(101, 0));
    const rows = [ended(1, 1), ...kept, ...gone, ended(101, 2, true), ended(102, 1), ended(103, 0)];
    await connections.write((sql) => insertRows(sql, 'jobs', [...columns, 'created_at'], rows));
    const seen: number[] = [];
    const watched = lookingAt(connections, async (look, from) => {
      const [count] = await connections.read.query<{ n: RawInteger }>(
        'SELECT COUNT(*) AS n FROM jobs WHERE fail_count > 0 AND disabled = ? AND last_finished_at >= ?',
        [false, from],
      );
      seen.push(toInt(count?.n ?? 0));
      return look();
    });
    const store = new SqlAgendaStore(watched, signals, log);
    const before = { all: new Date(200_000), dead: new Date(50_000) };
    const batches: number[] = [];
    do batches.push(await store.purgeFinished(before, 12));
    while (batches.at(-1) === 12);
    expect(batches).toEqual([12, 2]);
    expect(seen).toEqual([22, 1]);
    const counts = await new SqlJobControl(connections, systemClock).counts();
    expect(counts).toMatchObject([{ queue: 'default', dead: 21 }]);
  });
});

/** As they are, but for their looks, whose first value is from when on they look. */
function lookingAt(
  connections: Connections,
  watch: <Row>(look: () => Promise<Row[]>, from: SqlParam) => Promise<Row[]>,
): Connections {
  const { read } = connections;
  return {
    kind: connections.kind,
    read: {
      kind: read.kind,
      manager: read.manager,
      run: (text, params) => read.run(text, params),
      signal: (topic) => read.signal(topic),
      query: <Row>(text: string, params?: readonly SqlParam[]) =>
        watch(() => read.query<Row>(text, params), params?.[0]),
    },
    write: (work) => connections.write(work),
    onSignal: () => () => undefined,
    tell: () => undefined,
    onStatement: () => () => undefined,
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
