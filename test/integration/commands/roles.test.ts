import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { append, orderEvent } from '../../support/events.ts';
import { Program, run } from '../../support/process.ts';
import { mails } from '../../support/roles.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let t: TestApp;
let env: NodeJS.ProcessEnv;
const cwd = tmpdir();

beforeAll(async () => {
  t = await setupApp();
  const { database, dataDir, secretKey } = t.app.config;
  const url =
    database.kind === 'sqlite'
      ? `sqlite:${database.path}`
      : `${process.env.TEST_DATABASE_URL?.replace(/\/$/, '') ?? ''}/${database.name}`;
  env = { DATABASE_URL: url, DATA_DIR: dataDir, SECRET_KEY: secretKey, NODE_ENV: 'test', LOG_FORMAT: 'json' };
});
afterAll(() => t.close());

describe('outbox-dispatch --once', () => {
  it('publishes what is due, at most the limit, and says how much that was', async () => {
    const now = new Date();
    await append(t, orderEvent('a', 1, now), orderEvent('a', 2, now), orderEvent('b', 1, now));
    const some = await run(['outbox-dispatch', '--once', '--limit', '2', '--json'], { cwd, env });
    expect(some.code).toBe(0);
    expect(JSON.parse(some.stdout)).toEqual({ claimed: 2, sent: 2, refused: 0, dead: 0 });
    const rest = await run(['outbox-dispatch', '--once'], { cwd, env });
    expect(rest.stdout).toContain('1 sent, 0 refused, 0 dead');
  });

  it('exits with 3, and keeps the events, when the broker cannot be reached', async () => {
    await append(t, orderEvent('c', 1, new Date()));
    const kafka = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', KAFKA_PRODUCER_RETRIES: '0' };
    const { code, stdout } = await run(['outbox-dispatch', '--once', '--json'], {
      cwd,
      env: { ...env, ...kafka },
    });
    expect([code, JSON.parse(stdout)]).toMatchObject([3, { error: { code: 'unavailable' } }]);
    expect(await (await t.app.work()).outbox.summary()).toMatchObject({ pending: 1, dead: 0 });
  });
});

describe('worker', () => {
  it('refuses a queue that does not exist', async () => {
    const { code, stderr } = await run(['worker', '--queues', 'orders,nonsense'], { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toContain('there is no queue nonsense');
  });
});

describe('the roles as processes of their own', () => {
  it('stop in order when a signal comes to the supervisor and to its process', async () => {
    const worker = new Program(['worker'], { cwd, env });
    await worker.line(/"working"/);
    const [child] = await t.app.connections.read.query<{ pid: number }>(
      "SELECT pid FROM workers WHERE role = 'worker'",
    );
    process.kill(child?.pid ?? 0, 'SIGTERM');
    worker.kill('SIGTERM');
    const { code, stderr } = await worker.ended;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('starting another')]);
    expect(await t.app.connections.read.query('SELECT id FROM workers')).toEqual([]);
  });

  it('end when they have stopped, also when something hangs in them', async () => {
    const hung = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../support/hung-role.mjs', import.meta.url))],
      {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(hung.stdout, 'data');
    hung.kill('SIGTERM');
    expect(await once(hung, 'exit')).toEqual([0, null]);
  });

  it('turn a purchase into mails, and stop in order', async () => {
    const start = async (command: string, started: RegExp): Promise<Program> => {
      const program = new Program([command], { cwd, env });
      await program.line(started);
      return program;
    };
    const roles = await Promise.all([
      start('worker', /"working"/),
      start('scheduler', /"scheduling"/),
      start('outbox-dispatch', /"relaying"/),
    ]);
    const shop = new Shop(t);
    const order = await shop.paidOrder(await shop.buyer(), await shop.product());
    await until(() => mails(t).filter((m) => m.content.includes(order.number)).length >= 2, 'two mails');
    for (const role of roles) role.kill('SIGTERM');
    const ends = await Promise.all(roles.map((role) => role.ended));
    expect(ends.map((end) => end.code)).toEqual([0, 0, 0]);
    const left = await t.app.connections.read.query('SELECT id FROM workers');
    expect(left).toEqual([]);
  });
});
