import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Workspace } from '../../support/workspace.ts';

let at: Workspace;
beforeAll(() => {
  at = new Workspace();
});
afterAll(() => at.remove());

describe('a command that does not exist', () => {
  it('is wrong usage, and names the remedy', async () => {
    const { code, stdout, stderr } = await at.run(['bogus']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('there is no command bogus: crossborder --help lists them');
  });

  it('answers on standard output with --json', async () => {
    const { code, stdout, stderr } = await at.run(['bogus', 'thing', '--json']);
    expect([code, JSON.parse(stdout), stderr]).toEqual([
      2,
      { error: { code: 'usage', message: expect.stringContaining('there is no command bogus') } },
      '',
    ]);
  });
});
