import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Workspace } from '../../support/workspace.ts';

const PASSWORD = 'a-password-of-our-own';
let at: Workspace;
beforeAll(async () => {
  at = new Workspace();
  await at.run(['migrate']);
});
afterAll(() => at.remove());

const create = (args: readonly string[], options: { env?: NodeJS.ProcessEnv; input?: string } = {}) =>
  at.run(['create-superuser', ...args, '--json'], options);

it('takes the password from standard input', async () => {
  const args = ['--username', 'root', '--email', 'root@shop.example', '--password-stdin'];
  const ended = await create(args, { input: `${PASSWORD}\nnot this line\n` });
  expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([0, { created: true, username: 'root' }]);
  expect(ended.stdout + ended.stderr).not.toContain(PASSWORD);
});

it('takes the SUPERUSER_* variables of a pipeline', async () => {
  const env = {
    SUPERUSER_USERNAME: 'ops',
    SUPERUSER_EMAIL: 'ops@shop.example',
    SUPERUSER_PASSWORD: PASSWORD,
  };
  expect(JSON.parse((await create([], { env })).stdout)).toMatchObject({ created: true, username: 'ops' });
  const again = await create([], { env });
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([1, { error: { code: 'already_exists' } }]);
  const calm = await create(['--if-not-exists'], { env });
  expect([calm.code, JSON.parse(calm.stdout)]).toMatchObject([0, { created: false, username: 'ops' }]);
});

it('without a terminal and without a password is wrong usage, and says what to do', async () => {
  const ended = await at.run(['create-superuser']);
  expect(ended.code).toBe(2);
  expect(ended.stderr.replace(/\s+›?\s*/g, ' ')).toContain('--password-stdin, or set SUPERUSER_PASSWORD');
});

it.each([
  ['an empty standard input', '', 2],
  ['a short password', 'short\n', 2],
  ['the shipped password', 'admin123\n', 2],
])('refuses %s', async (_what, input, code) => {
  const args = ['--username', 'late', '--email', 'late@shop.example', '--password-stdin'];
  expect((await create(args, { input })).code).toBe(code);
});
