import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '../../../src/app.ts';
import { newId } from '../../../src/domain/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { run } from '../../support/process.ts';

const SECRET_KEY = 'a-key-for-tests-only-0123456789-0123456789';

describe('the commands about events', () => {
  let database: TestDatabase;
  let env: NodeJS.ProcessEnv;
  const crossborder = async (...args: string[]) => {
    const { code, stdout } = await run([...args, '--json'], { cwd: database.config.dataDir, env });
    return { code, value: JSON.parse(stdout) as unknown };
  };

  beforeAll(async () => {
    const settings = { SECRET_KEY, LOG_LEVEL: 'silent' };
    database = await createTestDatabase(settings);
    const { dataDir } = database.config;
    const sqlite = database.config.database;
    env = {
      ...settings,
      DATA_DIR: dataDir,
      ...(sqlite.kind === 'sqlite' ? { DATABASE_URL: `sqlite:${sqlite.path}` } : serverUrl(sqlite)),
    };
    const app = await createApp(database.config);
    for (const position of ['1', '2']) {
      await app.db.transaction((tx) =>
        tx.inbox.bury({
          group: 'notifications',
          topic: 'order-events',
          partition: 0,
          position,
          eventId: newId(),
          eventType: 'order.paid.v1',
          key: 'order',
          headers: {},
          value: 'half a mess',
          cause: 'PoisonMessage: the message is not JSON',
        }),
      );
    }
    await app.close();
  }, 60_000);
  afterAll(() => database.drop());

  const serverUrl = (server: {
    kind: string;
    user: string;
    password: string;
    host: string;
    port: number;
    name: string;
  }) => ({
    DATABASE_URL: `${server.kind}://${server.user}:${server.password}@${server.host}:${server.port}/${server.name}`,
  });

  it('list, show and skip what consumers could not take, and replay only what can be handled', async () => {
    const listed = await crossborder('events', 'dead', 'list', '--group', 'notifications');
    const letters = listed.value as { id: string; cause: string; value: string }[];
    expect(letters.map((l) => l.value)).toEqual(['half a mess', 'half a mess']);
    const id = letters[0]?.id ?? '';
    expect((await crossborder('events', 'dead', 'show', id)).value).toMatchObject({ id, status: 'dead' });
    const replay = await crossborder('events', 'dead', 'replay', id);
    expect(replay).toMatchObject({ code: 1, value: { error: { code: 'conflict' } } });
    for (const filter of [
      ['--all'],
      ['--group', 'notifications', '--type', 'order.paid.v1'],
      letters.map((l) => l.id),
    ])
      expect(await crossborder('events', 'dead', 'replay', ...filter)).toMatchObject({
        code: 1,
        value: { handled: 0, failed: letters.map((l) => ({ id: l.id, reason: expect.any(String) })) },
      });
    expect((await crossborder('events', 'dead', 'replay', '--type', 'order.created.v1')).code).toBe(0);
    for (const wrong of [[], [id, '--all'], ['--all', '--group', 'notifications']])
      expect((await crossborder('events', 'dead', 'replay', ...wrong)).code).toBe(2);
    expect((await crossborder('events', 'dead', 'skip', id, '--reason', 'a test')).code).toBe(0);
    expect((await crossborder('events', 'dead', 'list')).value).toHaveLength(1);
    expect(await crossborder('events', 'dead', 'show', newId())).toMatchObject({
      value: { error: { code: 'not_found' } },
    });
  }, 120_000);

  it('tell how far each group is behind, for people and for Prometheus', async () => {
    const { value } = await crossborder('events', 'lag');
    const groups = new Set((value as { group: string }[]).map((l) => l.group));
    expect([...groups].sort()).toEqual(['alerts', 'notifications', 'payments', 'stock', 'webhooks']);
    const { stdout } = await run(['events', 'lag', '--format', 'prometheus'], {
      cwd: database.config.dataDir,
      env,
    });
    expect(stdout).toContain('crossborder_consumer_lag{group="stock",topic="stock-events",partition="0"} 0');
    expect(stdout).toMatch(/crossborder_consumer_dead_letters\{group="notifications"\} \d/);
  }, 60_000);

  it('print the AsyncAPI document without a database', async () => {
    const { code, value } = await crossborder('asyncapi');
    expect({ code, value }).toMatchObject({ code: 0, value: { asyncapi: '3.0.0' } });
  }, 60_000);
});
