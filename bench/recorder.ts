import type { DataSource, QueryRunner } from 'typeorm';
import type { App } from '../src/app.ts';
import type { SqlParam } from '../src/infra/db/values.ts';

/** One statement as it went to the driver. */
export interface Statement {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

/** Notes the statements of `work` with their parameters: what the raw server repeats. */
export async function record(app: App, work: () => Promise<unknown>): Promise<Statement[]> {
  const seen: Statement[] = [];
  const sources = new Set<DataSource>([app.connections.dataSource, app.connections.read.manager.dataSource]);
  const restore = [...sources].map((source) => tap(source, seen));
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return seen;
}

function tap(source: DataSource, seen: Statement[]): () => void {
  const original = source.createQueryRunner.bind(source);
  // SQLite hands out one and the same runner each time: it is tapped once.
  const tapped = new Set<QueryRunner>();
  source.createQueryRunner = (...args) => {
    const runner = original(...args);
    if (tapped.has(runner)) return runner;
    tapped.add(runner);
    const query = runner.query.bind(runner) as (text: string, ...rest: unknown[]) => Promise<unknown>;
    runner.query = ((text: string, params: SqlParam[] = [], ...rest: unknown[]) => {
      seen.push({ text, params });
      return query(text, params, ...rest);
    }) as typeof runner.query;
    return runner;
  };
  return () => {
    source.createQueryRunner = original;
    // What is left is the method of the class.
    for (const runner of tapped) Reflect.deleteProperty(runner, 'query');
  };
}
