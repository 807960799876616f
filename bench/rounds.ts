import { writeFileSync } from 'node:fs';
import type { BenchDatabase } from './database.ts';
import type { LoadPlan, LoadResult } from './load.ts';
import { runWorker, type Server, startServer } from './processes.ts';
import type { RawPlan } from './raw-plan.ts';

export interface Contest {
  readonly ours: Server;
  readonly raw: Server;
  stop(): Promise<void>;
}

/** Both servers, each in a process of its own. */
export async function startContest(database: BenchDatabase, plan: RawPlan, folder: string): Promise<Contest> {
  const file = `${folder}/raw-plan.json`;
  writeFileSync(file, JSON.stringify({ database: database.options, plan }));
  const raw = await startServer(
    ['--import', './bench/register.js', 'bench/raw-server.ts', file],
    { PATH: process.env.PATH, NODE_ENV: 'production' },
    '/healthz',
  );
  const ours = await startServer(['bin/run.js', 'serve'], database.env, '/healthz/ready');
  return {
    ours,
    raw,
    stop: async () => {
      await ours.stop();
      await raw.stop();
    },
  };
}

/** A load with what it cost the server. */
export interface Loaded extends LoadResult {
  /** Milliseconds of the server's CPU, where they can be told. */
  readonly cpu: number | undefined;
}

export async function load(server: Server, plan: Omit<LoadPlan, 'url'>): Promise<Loaded> {
  const before = server.cpu();
  const result = await runWorker<LoadResult>('load.ts', { ...plan, url: server.url });
  const after = server.cpu();
  return { ...result, cpu: before === undefined || after === undefined ? undefined : after - before };
}
