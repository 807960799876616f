import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { databaseClients } from '../../../src/app/database-shell.ts';
import { Workspace } from '../../support/workspace.ts';

let at: Workspace;
beforeAll(async () => {
  at = new Workspace();
  await at.run(['migrate']);
});
afterAll(() => at.remove());

describe('status', () => {
  it('shows the adapter behind each port, and what waits', async () => {
    const { code, stdout } = await at.run(['status', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      environment: 'development',
      mode: { jobs: 'sql', events: 'sql', cache: 'memory', mail: 'files', payments: 'mock' },
      checks: [{ name: 'database', status: 'ok' }],
      pendingMigrations: [],
      processes: [],
      outbox: { pending: 0, dead: 0 },
    });
  });

  it('keeps warnings of the configuration on standard error under --json', async () => {
    const { stdout, stderr } = await at.run(['status', '--json'], { env: { DJANGO_DEBUG: 'true' } });
    expect(stderr).toContain('warning: DJANGO_DEBUG');
    expect(JSON.parse(stdout)).toMatchObject({ outbox: { pending: 0 } });
  });

  it('--alive exits with 1 when no process of the role lives here', async () => {
    const { code, stdout } = await at.run(['status', '--alive', 'worker']);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^worker on .*: not seen$/m)]);
  });

  it('exits with 2 where the database is not one', async () => {
    const file = join(at.cwd, 'text.sqlite');
    writeFileSync(file, 'not a database, but a text of some length that SQLite will look at '.repeat(20));
    const { code, stdout } = await at.run(['status', '--json'], { env: { DATABASE_URL: `sqlite:${file}` } });
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { issues: [{ path: 'DATABASE_URL' }] } }]);
  });

  it('exits with 3 without a database', async () => {
    const { code } = await at.run(['status', '--json'], {
      env: { DATABASE_URL: `sqlite:${join(at.cwd, 'none.sqlite')}` },
    });
    expect(code).toBe(3);
    expect(existsSync(join(at.cwd, 'none.sqlite'))).toBe(false);
  });
});

describe('openapi', () => {
  const Document = z.looseObject({
    openapi: z.string(),
    servers: z.unknown(),
    paths: z.record(z.string(), z.unknown()),
  });

  it('prints the same schema as JSON and YAML, without a database', async () => {
    const env = { DATABASE_URL: 'mysql://u:p@127.0.0.1:1/x', PUBLIC_URL: 'https://shop.example' };
    const [json, yaml] = await Promise.all([
      at.run(['openapi'], { env }),
      at.run(['openapi', '--format', 'yaml'], { env }),
    ]);
    const document = Document.parse(JSON.parse(json.stdout));
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: 'https://shop.example/api/v1' }]);
    expect(Object.keys(document.paths)).toContain('/products');
    expect(parse(yaml.stdout)).toEqual(document);
  });
});

describe('db-shell', () => {
  it('keeps the password off the command line', () => {
    const [client] = databaseClients(
      {
        kind: 'mysql',
        host: 'db',
        port: 3306,
        name: 'trade',
        user: 'shop',
        password: 'hunter2',
        poolSize: 1,
      },
      ['-e', 'SELECT 1'],
    );
    expect(client?.args.join(' ')).not.toContain('hunter2');
    expect(client?.env).toEqual({ MYSQL_PWD: 'hunter2' });
    expect(client?.args.slice(-2)).toEqual(['-e', 'SELECT 1']);
  });

  it('says what to install where there is no client', async () => {
    const { code, stdout } = await at.run(['db-shell', '--json'], { env: { PATH: at.cwd } });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { message: expect.stringMatching(/is not installed: db-shell needs/) },
    });
  });

  it('does not let the client make an empty database', async () => {
    const path = join(at.cwd, 'none.sqlite');
    expect((await at.run(['db-shell'], { env: { DATABASE_URL: `sqlite:${path}` } })).code).toBe(3);
    expect(existsSync(path)).toBe(false);
  });
});
