import type { DataSource } from 'typeorm';

export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

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
    // MySQL commits at each DDL statement whatever one asks, so a transaction would promise what it cannot hold.
    const transaction = this.#source.options.type === 'better-sqlite3' ? 'each' : 'none';
    const ran = await this.#source.runMigrations({ transaction });
    return ran.map((m) => m.name);
  }

  /** Reverts the newest migration. @returns its name, or undefined when none is applied */
  async revert(): Promise<string | undefined> {
    const last = (await this.status()).applied.at(-1);
    if (last === undefined) return undefined;
    const transaction = this.#source.options.type === 'better-sqlite3' ? 'each' : 'none';
    await this.#source.undoLastMigration({ transaction });
    return last;
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
