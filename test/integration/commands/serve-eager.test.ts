import { expect, it } from '@jest/globals';
import { Program } from '../../support/process.ts';
import { until } from '../../support/until.ts';
import { Workspace } from '../../support/workspace.ts';

it('with JOBS_EAGER=true serve needs no other process, and stops what it started', async () => {
  const at = new Workspace({ PORT: '0', HOST: '127.0.0.1', LOG_FORMAT: 'json' });
  await at.run(['migrate']);
  const serve = new Program(['serve'], { cwd: at.cwd, env: { ...at.env, JOBS_EAGER: 'true' } });
  try {
    await serve.line(/"msg":"working"/);
    await until(async () => {
      const roles = ['worker', 'scheduler', 'relay'];
      const ended = await Promise.all(roles.map((role) => at.run(['status', '--alive', role])));
      return ended.every(({ code }) => code === 0);
    }, 'all three roles');
  } finally {
    serve.kill('SIGTERM');
  }
  expect((await serve.ended).code).toBe(0);
  expect((await at.run(['status', '--alive', 'worker'])).code).toBe(1);
  await at.remove();
}, 60_000);
