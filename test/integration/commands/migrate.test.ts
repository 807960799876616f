import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { revertMigration } from '../../../src/app/migrating.ts';
import { Workspace } from '../../support/workspace.ts';

const Report = z.object({
  database: z.string(),
  ran: z.array(z.string()),
  applied: z.array(z.string()),
  pending: z.array(z.string()),
  reverted: z.string().optional(),
  superuser: z.string().optional(),
});

let at: Workspace;
beforeEach(() => {
  at = new Workspace();
});
afterEach(() => at.remove());

const report = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const ended = await at.run(['migrate', ...args, '--json'], { env });
  return { code: ended.code, ...Report.parse(JSON.parse(ended.stdout)) };
};

describe('migrate', () => {
  it('creates the database, and finds nothing to do the second time', async () => {
    const first = await report([]);
    expect(first).toMatchObject({ code: 0, pending: [] });
    expect(first.ran).toEqual(first.applied);
    expect(await report([])).toMatchObject({ code: 0, ran: [], applied: first.applied });
  });

  it('--check exits with 1 while something is pending, and makes nothing', async () => {
    const absent = await report(['--check']);
    expect(absent).toMatchObject({ code: 1, applied: [] });
    const { database } = at.config;
    if (database.kind === 'sqlite') expect(existsSync(database.path)).toBe(false);
    await report([]);
    expect(await report(['--check'])).toMatchObject({ code: 0, pending: [] });
    const { reverted } = await report(['--revert']);
    expect(await report(['--check'])).toMatchObject({ code: 1, pending: [reverted] });
  });

  it('takes every migration back, and applies them again', async () => {
    const { ran } = await report([]);
    for (const name of ran.toReversed()) expect((await revertMigration(at.config)).reverted).toBe(name);
    expect((await report(['--revert'])).reverted).toBeUndefined();
    expect((await report([])).ran).toEqual(ran);
    // One migration after another, on a server each with its own slow DDL.
  }, 240_000);

  it('--status lists what is applied and what is pending', async () => {
    await report([]);
    const { stdout } = await at.run(['migrate', '--status']);
    expect(stdout).toMatch(/^applied {2}Foundation/);
    expect(stdout).toContain('0 pending');
  });

  it('may run in several processes at once', async () => {
    const all = await Promise.all([report([]), report([]), report([])]);
    expect(all.map(({ code, pending }) => [code, pending])).toEqual(all.map(() => [0, []]));
    expect(all.filter(({ ran }) => ran.length > 0)).toHaveLength(1);
  });

  it('creates the superuser that the settings ask for, once', async () => {
    const env = { CREATE_SUPERUSER: 'true', SUPERUSER_PASSWORD: 'a-password-of-our-own' };
    expect((await report([], env)).superuser).toBe('created');
    expect((await report([], env)).superuser).toBe('present');
    expect((await report([])).superuser).toBeUndefined();
  });

  it('refuses the shipped superuser in production before it touches anything', async () => {
    const { code, stdout } = await at.run(['migrate', '--json'], {
      env: { NODE_ENV: 'production', CREATE_SUPERUSER: 'true' },
    });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'configuration', issues: [{ path: 'SUPERUSER_PASSWORD' }] },
    });
    expect(await report(['--check'])).toMatchObject({ applied: [] });
  });

  it('exits with 3 when the server does not answer, without its password', async () => {
    const ended = await at.run(['migrate', '--json'], {
      env: { DATABASE_URL: 'mysql://u:hunter2@127.0.0.1:1/x' },
    });
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'unavailable' } });
    expect(ended.stdout + ended.stderr).not.toContain('hunter2');
  });

  it('exits with 2 for a flag that does not exist', async () => {
    const ended = await at.run(['migrate', '--nope', '--json']);
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'usage' } });
  });
});
