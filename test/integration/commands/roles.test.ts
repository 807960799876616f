import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { append, orderEvent } from '../../support/events.ts';
import { Program, run } from '../../support/process.ts';
import { mails } from '../../support/roles.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let t: TestApp;
let env: NodeJS.ProcessEnv;
const cwd = tmpdir();
const NOWHERE = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', KAFKA_PRODUCER_RETRIES: '0' };

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

  it('exits with 3 when the broker cannot be reached, though nothing is due', async () => {
    const { code, stdout } = await run(['outbox-dispatch', '--once', '--json'], {
      cwd,
      env: { ...env, ...NOWHERE },
    });
    expect([code, JSON.parse(stdout)]).toMatchObject([3, { error: { code: 'unavailable' } }]);
  });

  it('exits with 3, and keeps the events, when the broker cannot be reached', async () => {
    await append(t, orderEvent('c', 1, new Date()));
    const { code, stdout } = await run(['outbox-dispatch', '--once', '--json'], {
      cwd,
      env: { ...env, ...NOWHERE },
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

  it('ends when `workers shutdown` names it, and is not started again by its supervisor', async () => {
    const worker = new Program(['worker'], { cwd, env });
    await worker.line(/"working"/);
    const listed = await run(['workers', 'list', '--json'], { cwd, env });
    const {
      workers: [{ id }],
    } = z.object({ workers: z.tuple([z.object({ id: z.string() })]) }).parse(JSON.parse(listed.stdout));
    const told = await run(['workers', 'shutdown', id, '--json'], { cwd, env });
    expect([told.code, JSON.parse(told.stdout)]).toEqual([0, { told: id }]);
    const { code, stderr } = await worker.ended;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('starting another')]);
    const again = await run(['workers', 'shutdown', id, '--json'], { cwd, env });
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([1, { error: { code: 'not_found' } }]);
  }, 60_000);
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
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
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

describe('a role that cannot reach Kafka', () => {
  const nowhere = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', KAFKA_PRODUCER_RETRIES: '0' };
  it.each([
    ['outbox-dispatch', /"relaying"/],
    ['worker', /"working"/],
  ])(
    'says why at the start of %s, before any event, and goes on',
    async (command, started) => {
      await t.app.connections.write((sql) =>
        sql.run("UPDATE outbox SET status = 'sent' WHERE status = 'pending'"),
      );
      const role = new Program([command], { cwd, env: { ...env, ...nowhere } });
      const [line] = await role.line(/.*the event log cannot be reached: events wait until it is.*/);
      expect(line).toContain('nobody listens there: check KAFKA_BOOTSTRAP_SERVERS');
      await role.line(started);
      role.kill('SIGTERM');
      expect((await role.ended).code).toBe(0);
    },
    60_000,
  );
});

describe('METRICS_PORT', () => {
  const started: Program[] = [];
  afterEach(() => {
    for (const program of started.splice(0)) program.kill('SIGKILL');
  });
  const start = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Program => {
    const program = new Program(args, { cwd, env: { ...env, ...more, METRICS_PORT: '0' } });
    started.push(program);
    return program;
  };
  const metrics = async (program: Program): Promise<string> => {
    const [, url = ''] = await program.line(/"url":"(http:[^"]+\/metrics)"/);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return response.text();
  };
  const value = (text: string, name: string): number =>
    Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1]);

  it('shows what a relay sent, and the age of what waits', async () => {
    await append(t, orderEvent('m', 1, new Date()), orderEvent('m', 2, new Date()));
    const relay = start(['outbox-dispatch']);
    await relay.line(/"relaying"/);
    await until(async () => value(await metrics(relay), 'crossborder_relay_sent_total') === 2, 'two sent');
    const text = await metrics(relay);
    expect(value(text, 'crossborder_outbox_pending')).toBe(0);
    expect(value(text, 'crossborder_outbox_lag_seconds')).toBe(0);
    expect(value(text, 'crossborder_relay_failures_total')).toBe(0);
    relay.kill('SIGTERM');
    expect((await relay.ended).code).toBe(0);
  }, 60_000);

  it('shows how far the consumers of a worker are behind, beside what its relay sent', async () => {
    const worker = start(['worker', '--with-relay']);
    await worker.line(/"working"/);
    const behind = 'crossborder_consumer_lag{group="webhooks",topic="order-events",partition="0"}';
    await until(async () => value(await metrics(worker), behind) === 0, 'consumers that are not behind');
    expect(value(await metrics(worker), 'crossborder_relay_failures_total')).toBe(0);
    worker.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
  }, 60_000);

  it('counts the tries of a relay that finds Kafka away', async () => {
    await append(t, orderEvent('n', 1, new Date(Date.now() - 60_000)));
    const relay = start(['outbox-dispatch'], NOWHERE);
    await until(async () => value(await metrics(relay), 'crossborder_relay_failures_total') > 0, 'a failure');
    const text = await metrics(relay);
    expect(value(text, 'crossborder_outbox_pending')).toBe(1);
    expect(value(text, 'crossborder_outbox_lag_seconds')).toBeGreaterThanOrEqual(60);
    relay.kill('SIGTERM');
    expect((await relay.ended).code).toBe(0);
  }, 60_000);
});
