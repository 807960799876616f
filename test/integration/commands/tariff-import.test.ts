import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TARIFF_COLUMNS } from '../../../src/domain/landed-cost/tariff-file.ts';
import { Workspace } from '../../support/workspace.ts';

let at: Workspace;
beforeAll(async () => {
  at = new Workspace();
  await at.run(['migrate']);
});
afterAll(() => at.remove());

const file = (...lines: string[]): string => {
  const path = join(at.cwd, 'tariff.csv');
  writeFileSync(path, [TARIFF_COLUMNS.join(','), ...lines, ''].join('\n'));
  return path;
};
const load = (path: string, market = 'EU') =>
  at.run(['tariff', 'import', path, '--market', market, '--json']);

it('puts a file in, and again in the place of itself', async () => {
  const path = file('61,*,,12,,,,,,2026-01-01,,TARIC', '6109,VN,,0,,,,,,2026-01-01,,TARIC');
  for (let time = 0; time < 2; time++) {
    const ended = await load(path);
    expect([ended.code, JSON.parse(ended.stdout)]).toEqual([0, { market: 'EU', rates: 2 }]);
  }
});

it('refuses a file with a mistake as a whole, and names each', async () => {
  const ended = await load(file('61,*,,12,,,,,,2026-01-01,,TARIC', '6x,*,,12,,,,,,2026-13-01,,TARIC'));
  expect(ended.code).not.toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    error: { code: 'validation_failed', issues: [{ path: 'line 3, hsCode' }, { path: 'line 3, validFrom' }] },
  });
});

it('ends with 2 on a market that it does not know', async () => {
  expect((await load(file(), 'XX')).code).toBe(2);
});

it('says that a file is not there', async () => {
  const ended = await load(join(at.cwd, 'none.csv'));
  expect(JSON.parse(ended.stdout)).toMatchObject({
    error: { message: expect.stringContaining('cannot be read') },
  });
});
