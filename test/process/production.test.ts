import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Program } from '../support/process.ts';
import { Workspace } from '../support/workspace.ts';

/** What a role says when it has started after all. */
const STARTED = /"(serving|working|scheduling|relaying)"|is up/;

describe('production, on a database whose superuser has the shipped password', () => {
  let at: Workspace;
  beforeAll(async () => {
    at = new Workspace();
    const { code } = await at.run(['migrate'], { env: { CREATE_SUPERUSER: 'true' } });
    expect(code).toBe(0);
  });
  afterAll(() => at.remove());

  it.each([
    ['serve', ['serve', '--host', '127.0.0.1', '--port', '0']],
    ['serve in several processes', ['serve', '--workers', '2', '--host', '127.0.0.1', '--port', '18433']],
    ['up', ['up', '--port', '0']],
    ['worker', ['worker']],
    ['scheduler', ['scheduler']],
    ['outbox-dispatch', ['outbox-dispatch']],
    ['outbox-dispatch --once', ['outbox-dispatch', '--once']],
  ])('%s does not start, and says what to do', async (_name, args) => {
    const env = {
      ...at.env,
      NODE_ENV: 'production',
      LOG_FORMAT: 'json',
      SUPERUSER_PASSWORD: 'a-password-of-our-own',
    };
    const program = new Program(args, { cwd: at.cwd, env });
    void program.line(STARTED).then(
      () => program.kill('SIGTERM'),
      () => undefined,
    );
    const end = await program.ended;
    expect([end.code, end.stderr]).toEqual([
      2,
      expect.stringMatching(/shipped password.*users\/me\/password/),
    ]);
    expect(end.stdout).not.toMatch(STARTED);
  });
});
