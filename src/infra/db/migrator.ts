import type { DataSource } from 'typeorm';

export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** How long a migration waits for those who write to the same SQLite file, in milliseconds. */
const WRITERS_PATIENCE = 15_000;

/** Runs and reverts the shipped migrations on one database. */
export class Migrator {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async status(): Promise<MigrationStatus> {
    const known = this.#source.migrations.map((m) => m.name ?? m.constructor.name);
    const done = new Set(await this.#applied());
    return {
      applied: known.filter((name) => done.has(name)),
      pending: known.filter((name) => !done.has(name)),
    };
  }

  /** @returns the names of the migrations that ran */
  async migrate(): Promise<string[]> {
    const ran = await this.#atOnce(() => this.#source.runMigrations({ transaction: 'none' }));
    return ran.map((m) => m.name);
  }

  /** Reverts the newest migration. @returns its name, or undefined when none is applied */
  async revert(): Promise<string | undefined> {
    const last = (await this.status()).applied.at(-1);
    if (last !== undefined) await this.#atOnce(() => this.#source.undoLastMigration({ transaction: 'none' }));
    return last;
  }

  /**
   * On SQLite everything or nothing, and while others write to the file. MySQL commits at each DDL statement whatever
   * one asks, so a transaction would promise what it cannot hold.
   */
  async #atOnce<T>(work: () => Promise<T>): Promise<T> {
    if (this.#source.options.type !== 'better-sqlite3') return work();
    const runner = this.#source.createQueryRunner();
    await runner.query(`PRAGMA busy_timeout = ${WRITERS_PATIENCE}`);
    await runner.query('BEGIN IMMEDIATE');
    try {
      const result = await work();
      await runner.query('COMMIT');
      return result;
    } catch (error) {
      await runner.query('ROLLBACK');
      throw error;
    }
  }

  async #applied(): Promise<string[]> {
    const runner = this.#source.createQueryRunner();
    try {
      if (!(await runner.hasTable('schema_migrations'))) return [];
      const rows = (await runner.query('SELECT name FROM schema_migrations')) as { name: string }[];
      return rows.map((r) => r.name);
    } finally {
      await runner.release();
    }
  }

  /** The statements that would turn the database into the tables the program knows: none when there is no drift. */
  async drift(): Promise<string[]> {
    const log = await this.#source.driver.createSchemaBuilder().log();
    return log.upQueries.map((q) => q.query);
  }
}
