import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { insertRows } from '../../../src/infra/db/insert-rows.ts';
import { openDatabase } from '../../../src/infra/db/open-database.ts';
import type { SqlParam } from '../../../src/infra/db/values.ts';
import { Workspace } from '../../support/workspace.ts';

const Diagnosis = z.object({
  status: z.enum(['ok', 'warn', 'fail']),
  checks: z.array(
    z.looseObject({
      name: z.string(),
      status: z.string(),
      detail: z.string(),
      remedy: z.string().optional(),
    }),
  ),
});

let at: Workspace;
let other: Server | undefined;
beforeEach(() => {
  at = new Workspace({ PORT: '0' });
});
afterEach(async () => {
  other?.close();
  await at.remove();
});

const examine = async (env: NodeJS.ProcessEnv = {}) => {
  const ended = await at.run(['doctor', '--json'], { env });
  const { status, checks } = Diagnosis.parse(JSON.parse(ended.stdout));
  const of = (name: string) => checks.find((check) => check.name === name);
  return { code: ended.code, text: ended.stdout + ended.stderr, status, checks, of };
};

describe('doctor', () => {
  it('finds a set up machine well', async () => {
    await at.run(['migrate'], {
      env: { CREATE_SUPERUSER: 'true', SUPERUSER_PASSWORD: 'a-password-of-our-own' },
    });
    const { code, status, checks } = await examine();
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect([code, status]).toEqual([0, 'ok']);
  });

  it('names what groups have left in Kafka, when a shop has gone back to the embedded log', async () => {
    await at.run(['migrate'], {});
    const connections = await openDatabase(at.config.database);
    const now = new Date();
    const event = (id: string): SqlParam[] => [
      ...[id, 'order.paid.v1', 'order-events', 'order', id, 1, '{}', now, 'sent', 1, now, now],
    ];
    await connections.write(async (sql) => {
      const columns =
        'id, type, topic, aggregate_type, aggregate_id, sequence, payload, occurred_at, status, attempts, available_at, sent_at';
      await insertRows(sql, 'outbox', columns.split(', '), ['here', 'handled', 'left'].map(event));
      const log = 'topic, position, event_id, message_key, headers, value, appended_at';
      await insertRows(sql, 'event_log', log.split(', '), [
        ['order-events', 1, 'here', 'k', '{}', '{}', new Date()],
      ]);
      const inbox = 'consumer_group, event_id, handled_at';
      await insertRows(sql, 'inbox', inbox.split(', '), [
        ['notifications', 'handled', new Date()],
        ['webhooks', 'handled', new Date()],
      ]);
    });
    const found = async () => (await examine()).of('events in Kafka');
    expect(await found()).toMatchObject({
      status: 'warn',
      detail: 'published there, and not handled: notifications 1, webhooks 1',
    });
    await connections.write((sql) => sql.run("UPDATE inbox SET event_id = 'left'"));
    await connections.write((sql) => sql.run("DELETE FROM outbox WHERE id = 'handled'"));
    await connections.close();
    expect(await found()).toBeUndefined();
  });

  it('says how to mend a database that is not there, and makes none', async () => {
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of('database')).toMatchObject({ status: 'fail', remedy: 'run "crossborder migrate"' });
    expect((await examine()).of('database')?.status).toBe('fail');
  });

  it('warns of pending migrations and of the shipped password', async () => {
    await at.run(['migrate'], { env: { CREATE_SUPERUSER: 'true' } });
    expect((await examine()).of('superuser')).toMatchObject({
      status: 'warn',
      detail: 'still has the shipped password',
    });
    await at.run(['migrate', '--revert']);
    expect((await examine()).of('migrations')).toMatchObject({
      status: 'fail',
      remedy: 'run "crossborder migrate"',
    });
  });

  it('exits with 3 when services do not answer, naming each, without their passwords', async () => {
    const { code, text, of } = await examine({
      DATABASE_URL: 'mysql://u:hunter2@127.0.0.1:1/x',
      REDIS_URL: 'redis://:hunter2@127.0.0.1:1/0',
      MONGO_URL: 'mongodb://u:hunter2@127.0.0.1:1/x?directConnection=true',
      KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
      SMTP_URL: 'smtp://u:hunter2@127.0.0.1:1',
    });
    expect(code).toBe(3);
    for (const name of ['database', 'redis', 'mongodb', 'kafka', 'mail']) {
      expect(of(name)).toMatchObject({
        status: 'fail',
        remedy: expect.stringMatching(/^start (?:it|a broker|the server)/),
      });
    }
    expect(text).not.toContain('hunter2');
  }, 60_000);

  it('names every wrong setting', async () => {
    const { code, checks } = await examine({ PORT: 'x', LOG_LEVEL: 'loud' });
    expect(code).toBe(1);
    expect(checks.filter((check) => check.status === 'fail').map((check) => check.name)).toEqual([
      'setting LOG_LEVEL',
      'setting PORT',
    ]);
  });

  it('sees a secret key that everybody has, or can read', async () => {
    expect((await examine({ SECRET_KEY: '' })).of('secret key')).toMatchObject({
      status: 'warn',
      detail: expect.stringMatching(/everybody/),
    });
  });

  it('sees a data directory that cannot be one', async () => {
    writeFileSync(join(at.cwd, 'file'), '');
    const { of } = await examine({ DATA_DIR: join(at.cwd, 'file', 'var') });
    expect(of('data dir')).toMatchObject({ status: 'fail', remedy: expect.stringMatching(/writable/) });
  });

  it('sees another program on its port', async () => {
    other = await listening();
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect((await examine({ PORT: String(port) })).of('port')).toMatchObject({
      status: 'warn',
      remedy: 'stop it, or set PORT',
    });
  });
});

describe('doctor --data', () => {
  it('exits with 1, names each broken promise and its rows, and changes nothing', async () => {
    await at.run(['migrate']);
    const healthy = await at.run(['doctor', '--data']);
    expect([healthy.code, healthy.stdout]).toEqual([0, expect.stringMatching(/^ok +stock-available /m)]);
    const connections = await openDatabase(at.config.database);
    await connections.write((sql) =>
      sql.run(
        "INSERT INTO outbox (id, type, topic, aggregate_type, aggregate_id, sequence, payload, occurred_at, status, attempts, available_at) VALUES ('e-1', 'order.paid.v1', 'order-events', 'order', 'o-1', 1, '{}', ?, 'sent', 0, ?)",
        [new Date(), new Date()],
      ),
    );
    await connections.close();
    for (let time = 1; time <= 2; time++) {
      const ended = await at.run(['doctor', '--data', '--json']);
      const { checks } = Diagnosis.parse(JSON.parse(ended.stdout));
      const failed = checks.filter((check) => check.status === 'fail');
      expect([ended.code, failed.map((check) => check.name)]).toEqual([
        1,
        ['transition-per-event', 'event-orphan'],
      ]);
      expect(failed[1]).toMatchObject({ rows: [{ event_id: 'e-1', order_id: 'o-1' }] });
    }
  }, 120_000);

  it('exits with 3 when the database does not answer', async () => {
    const ended = await at.run(['doctor', '--data', '--json'], {
      env: { DATABASE_URL: 'mysql://u:hunter2@127.0.0.1:1/x' },
    });
    expect([ended.code, ended.stdout]).toEqual([3, expect.not.stringContaining('hunter2')]);
  });
});

const listening = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
