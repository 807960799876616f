import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import libsql from 'libsql';
import { DomainError } from '../../domain/shared/errors.ts';
import type { OpenConnections } from './open-database.ts';
import { isBusy } from './sqlite.ts';

/** How long one migration waits for another, in milliseconds. */
const PATIENCE = 120_000;

const busy = (): DomainError => new DomainError('busy', 'another process is migrating this database');

/**
 * One process at a time makes and migrates a SQLite file. The lock is that of an empty database beside it, which the
 * operating system lets go of with the process, however that ends. The file stays: removing it would be a race.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new DomainError(
      'configuration',
      `${dirname(path)} cannot be made: check DATA_DIR or DATABASE_URL`,
      { cause },
    );
  });
  const lock = new libsql(`${path}-migrate`, { timeout: 0 });
  try {
    await takeExclusively(lock);
    return await work();
  } finally {
    lock.close();
  }
}

async function takeExclusively(lock: libsql.Database): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() > deadline) throw busy();
      await delay(50);
    }
  }
}

const NAME = "CONCAT('crossborder_migrate_', MD5(DATABASE()))";

/** MySQL commits each DDL statement by itself: two migrations at once would trip over each other's tables. */
export async function withServerLock<T>({ dataSource }: OpenConnections, work: () => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const rows = (await runner.query(`SELECT GET_LOCK(${NAME}, ?) AS got`, [PATIENCE / 1000])) as {
      got: unknown;
    }[];
    if (Number(rows[0]?.got) !== 1) throw busy();
    return await work();
  } finally {
    // The lock belongs to the connection, which goes back to a pool that lives on.
    await runner.query(`DO RELEASE_LOCK(${NAME})`);
    await runner.release();
  }
}
