import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkDatabase } from '../../../src/app/doctor/database.checks.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await setupApp({ env: { LOG_LEVEL: 'silent', MONGO_URL: '' } });
});
afterAll(() => t.close());

it('the doctor counts jobs that are in the database though jobs live in MongoDB', async () => {
  const old = new Date(Date.now() - 3_600_000);
  const job = (nextRunAt: Date | null, failCount: number, disabled: boolean, createdAt: Date) =>
    [newId(), 'test.left', 'orders', '{}', 0, nextRunAt, failCount, disabled, createdAt] as const;
  const columns = [
    ...['id', 'name', 'queue', 'data', 'priority', 'next_run_at', 'fail_count', 'disabled', 'created_at'],
  ];
  const rows = [
    job(old, 0, false, old),
    job(old, 1, false, old),
    job(new Date(), 0, false, new Date()),
    job(null, 3, false, old),
    job(null, 0, false, old),
    job(null, 3, true, old),
  ];
  await t.app.connections.write((sql) => insertRows(sql, 'jobs', columns, rows));
  const found = async (mongoUrl: string | undefined) => {
    const { config } = t.app;
    const findings = await checkDatabase({ ...config, ...(mongoUrl === undefined ? {} : { mongoUrl }) });
    return findings.filter(({ name }) => name.endsWith('jobs left'));
  };
  expect(await found(undefined)).toEqual([]);
  expect(await found('mongodb://127.0.0.1/shop')).toMatchObject([
    { name: 'jobs left', status: 'warn', detail: '2 in the database are not in MongoDB yet' },
    { name: 'dead jobs left', detail: '1 in the database, which lists of MongoDB do not show' },
  ]);
});
