import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseName } from '../../../src/app/resetting.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));

let database: TestDatabase;
let name: string;

beforeAll(async () => {
  database = await createTestDatabase();
  name = databaseName(database.config.database);
});
afterAll(() => database.drop());

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, as a pipeline runs it: no terminal. */
function crossborder(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const { config } = database;
  const url =
    config.database.kind === 'sqlite'
      ? `sqlite:${config.database.path}`
      : `${process.env.TEST_DATABASE_URL ?? ''}/${config.database.name}`;
  const base = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    SECRET_KEY: config.secretKey,
    DATA_DIR: config.dataDir,
  };
  return new Promise((resolve) => {
    const options = { env: { ...base, DATABASE_URL: url, ...env }, cwd: config.dataDir };
    execFile(process.execPath, [BIN, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const json = ({ stdout }: Outcome): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

describe('crossborder seed', () => {
  it('says in JSON what it added, and the second time that it kept it', async () => {
    const first = await crossborder(['seed', '--json']);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(json(first)).toMatchObject({ size: 'small', seed: 1, kept: 0, customers: 2 });
    expect(json(await crossborder(['seed', '--json']))).toMatchObject({
      products: 0,
      kept: json(first).products,
    });
  });

  it('ends with 2 on a size that does not exist', async () => {
    expect((await crossborder(['seed', '--size', 'huge'])).code).toBe(2);
  });

  it('ends with 3 when the database is not there', async () => {
    for (const url of ['sqlite:/nowhere/shop.sqlite', 'mysql://root:x@127.0.0.1:1/shop']) {
      expect((await crossborder(['seed'], { DATABASE_URL: url })).code).toBe(3);
    }
  });
});

describe('crossborder reset-db', () => {
  it('drops nothing without the name of the database', async () => {
    for (const args of [[], ['--force', 'another'], ['--json']]) {
      const refused = await crossborder(['reset-db', ...args]);
      expect([args, refused.code]).toEqual([args, 2]);
      expect(refused.stdout + refused.stderr).toContain('nothing was dropped');
    }
    expect(json(await crossborder(['seed', '--json']))).toMatchObject({ products: 0 });
  });

  it('is refused in production', async () => {
    const refused = await crossborder(['reset-db', '--force', name], {
      NODE_ENV: 'production',
      SECRET_KEY: 'only-for-this-test-0123456789-0123456789-0123456789',
    });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('NODE_ENV=production')]);
    expect(json(await crossborder(['seed', '--json']))).toMatchObject({ products: 0 });
  });

  it('makes an empty database of a full one', async () => {
    const reset = await crossborder(['reset-db', '--force', name, '--no-seed', '--json']);
    expect(reset.code).toBe(0);
    expect(json(reset)).not.toHaveProperty('seeded');
    expect(json(await crossborder(['seed', '--json']))).toMatchObject({ kept: 0 });
  });

  it('seeds again, and makes the configured superuser', async () => {
    const reset = await crossborder(['reset-db', '--force', name, '--json'], { CREATE_SUPERUSER: 'true' });
    expect(json(reset)).toMatchObject({ superuser: 'created', seeded: { kept: 0, customers: 2 } });
  });

  it('ends with 3 when the server is not there', async () => {
    const env = { DATABASE_URL: 'mysql://root:x@127.0.0.1:1/shop' };
    expect((await crossborder(['reset-db', '--force', 'shop'], env)).code).toBe(3);
  });
});
