import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../src/config.ts';
import { dropDatabase } from '../../src/infra/db/open-database.ts';
import { type Ended, run } from './process.ts';

/** An empty folder, and the name of a database that does not exist yet, for tests of commands. */
export class Workspace {
  readonly cwd = mkdtempSync(join(tmpdir(), 'crossborder-work-'));
  readonly env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv = {}) {
    const server = process.env.TEST_DATABASE_URL?.replace(/\/$/, '');
    const name = `test_${process.pid}_${Date.now().toString(36)}_w`;
    this.env = {
      SECRET_KEY: 'a-key-for-tests-only-0123456789-0123456789',
      DATA_DIR: join(this.cwd, 'var'),
      ...(server === undefined ? {} : { DATABASE_URL: `${server}/${name}` }),
      ...env,
    };
  }

  get config(): Config {
    return loadConfig({ env: this.env });
  }

  /** Runs one command of the built program. */
  run(args: readonly string[], options: { env?: NodeJS.ProcessEnv; input?: string } = {}): Promise<Ended> {
    return run(args, { cwd: this.cwd, ...options, env: { ...this.env, ...options.env } });
  }

  async remove(): Promise<void> {
    await dropDatabase(this.config.database);
    rmSync(this.cwd, { recursive: true, force: true });
  }
}
