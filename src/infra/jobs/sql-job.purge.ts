import type { EndedBefore } from '../../domain/jobs/job-runner.ts';
import type { Connections } from '../db/sql.ts';
import { oldQuery, purgeStatement } from './sql-job.queries.ts';

/** Deletes jobs of the database that ended long ago. */
export class SqlJobPurge {
  readonly #db: Connections;

  constructor(db: Connections) {
    this.#db = db;
  }

  /** @returns how many went, at most `limit` */
  batch(before: EndedBefore, limit: number): Promise<number> {
    return this.#db.write(async (sql) => {
      const old = oldQuery(before, limit);
      const rows = await sql.query<{ id: string }>(old.text, old.params);
      if (rows.length === 0) return 0;
      const purge = purgeStatement(
        rows.map(({ id }) => id),
        before,
      );
      return (await sql.run(purge.text, purge.params)).affected;
    });
  }
}
