import type { EndedBefore } from '../../domain/jobs/job-runner.ts';
import type { Connections } from '../db/sql.ts';
import { type RawDate, toDate } from '../db/values.ts';
import { PurgeWalk } from './purge-walk.ts';
import { oldQuery, purgeStatement } from './sql-job.queries.ts';

/** Deletes jobs of the database that ended long ago. */
export class SqlJobPurge {
  readonly #db: Connections;
  readonly #walk = new PurgeWalk();

  constructor(db: Connections) {
    this.#db = db;
  }

  /** @returns how many went, at most `limit` */
  async batch(before: EndedBefore, limit: number): Promise<number> {
    // Nobody who writes waits for the look.
    const old = oldQuery(before, this.#walk.from(before), limit);
    const rows = await this.#db.read.query<OldRow>(old.text, old.params);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const purge = purgeStatement(
      rows.map(({ id }) => id),
      before,
    );
    const { affected } = await this.#db.write((sql) => sql.run(purge.text, purge.params));
    this.#walk.passed(before, toDate(last.last_finished_at));
    return affected;
  }
}

interface OldRow {
  id: string;
  last_finished_at: RawDate;
}
