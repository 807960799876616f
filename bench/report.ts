import type { Loaded } from './rounds.ts';

export interface Side {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of the server's CPU for one request: steadier than the rate on a machine with other work. */
  readonly cpu: number | null;
  readonly requests: number;
  readonly errors: number;
}

export interface Comparison {
  readonly scenario: string;
  readonly db: string;
  readonly connections: number;
  readonly crossborder: Side;
  readonly raw: Side;
  /** Requests a second, ours to raw: the median of the rounds. */
  readonly ratio: number;
  readonly goal: number;
  readonly rounds: readonly number[];
}

const rate = (r: Loaded): number => r.requests / r.seconds;
export const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const cpuOf = ({ cpu, requests }: Loaded): number | undefined =>
  cpu === undefined || requests === 0 ? undefined : cpu / requests;

function medianCpu(results: readonly Loaded[]): number | null {
  const costs = results.map(cpuOf).filter((cost) => cost !== undefined);
  return costs.length === 0 ? null : round(median(costs), 3);
}

const side = (results: readonly Loaded[]): Side => ({
  requestsPerSecond: round(median(results.map(rate))),
  p50: round(median(results.map((r) => r.p50)), 1),
  p99: round(median(results.map((r) => r.p99)), 1),
  cpu: medianCpu(results),
  requests: results.reduce((sum, r) => sum + r.requests, 0),
  errors: results.reduce((sum, r) => sum + r.errors, 0),
});

export function compare(
  about: Pick<Comparison, 'scenario' | 'db' | 'connections' | 'goal'>,
  ours: readonly Loaded[],
  raw: readonly Loaded[],
): Comparison {
  const rounds = ours.map((o, i) => round(rate(o) / rate(raw[i] ?? o), 3));
  return { ...about, crossborder: side(ours), raw: side(raw), ratio: round(median(rounds), 2), rounds };
}

export function printComparison(c: Comparison): string {
  const line = (name: string, s: Side): string =>
    `${name.padEnd(12)} ${String(s.requestsPerSecond).padStart(7)} req/s   p50 ${String(s.p50).padStart(6)} ms   p99 ${String(s.p99).padStart(6)} ms   cpu ${s.cpu ?? '?'} ms   ${s.errors} errors of ${s.requests + s.errors}`;
  return [
    `${c.scenario} on ${c.db}, ${c.connections} connections`,
    line('crossborder', c.crossborder),
    line('raw', c.raw),
    `ratio ${c.ratio} (goal ${c.goal}; rounds ${c.rounds.join(', ')})`,
  ].join('\n');
}
