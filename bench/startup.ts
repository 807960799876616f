import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { BenchDatabase } from './database.ts';
import { ROOT, startServer } from './processes.ts';
import { median } from './report.ts';

const RUNS = 15;

interface Cost {
  /** Milliseconds, medians. */
  readonly cpu: number;
  readonly wall: number;
}

export interface StartupResult {
  readonly scenario: 'startup';
  readonly node: Cost;
  readonly help: Cost;
  /** 1.5 times bare node plus 150 ms. */
  readonly helpGoal: Cost;
  readonly withinGoal: { readonly cpu: boolean; readonly wall: boolean };
  readonly serveToFirstReply: Pick<Cost, 'wall'>;
}

/** `node -e 0`, `crossborder --help` and `serve`, taken in turns. */
export async function benchStartup(database: BenchDatabase, folder: string): Promise<StartupResult> {
  const bare: Cost[] = [];
  const help: Cost[] = [];
  const serve: number[] = [];
  const file = `${folder}/cpu`;
  for (let i = 0; i <= RUNS; i++) {
    const [node, ours] = [await cost(['-e', '0'], file), await cost(['bin/run.js', '--help'], file)];
    const served = await serveTime(database);
    if (i === 0) continue; // fills the compile cache and the file cache
    bare.push(node);
    help.push(ours);
    serve.push(served);
  }
  const [node, ours] = [medians(bare), medians(help)];
  const helpGoal = { cpu: goal(node.cpu), wall: goal(node.wall) };
  return {
    scenario: 'startup',
    node,
    help: ours,
    helpGoal,
    withinGoal: { cpu: ours.cpu <= helpGoal.cpu, wall: ours.wall <= helpGoal.wall },
    serveToFirstReply: { wall: Math.round(median(serve)) },
  };
}

const goal = (ms: number): number => Math.round(ms * 1.5 + 150);

const medians = (costs: readonly Cost[]): Cost => ({
  cpu: Math.round(median(costs.map((c) => c.cpu))),
  wall: Math.round(median(costs.map((c) => c.wall))),
});

async function cost(args: readonly string[], file: string): Promise<Cost> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--require', './bench/cpu.cjs', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, BENCH_CPU_FILE: file },
    stdio: 'ignore',
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const wall = performance.now() - started;
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return { wall, cpu: Number(readFileSync(file, 'utf8')) / 1000 };
}

async function serveTime(database: BenchDatabase): Promise<number> {
  const started = performance.now();
  const server = await startServer(['bin/run.js', 'serve'], database.env, '/healthz');
  const wall = performance.now() - started;
  await server.stop();
  return wall;
}

export function printStartup({ node, help, helpGoal, withinGoal, serveToFirstReply }: StartupResult): string {
  const verdict = (met: boolean): string => (met ? 'met' : 'missed');
  return [
    `node -e 0           cpu ${node.cpu} ms, wall ${node.wall} ms`,
    `crossborder --help  cpu ${help.cpu} ms (goal ${helpGoal.cpu}: ${verdict(withinGoal.cpu)}), wall ${help.wall} ms (goal ${helpGoal.wall}: ${verdict(withinGoal.wall)})`,
    `serve to first 200  wall ${serveToFirstReply.wall} ms`,
  ].join('\n');
}
