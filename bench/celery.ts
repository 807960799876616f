import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './processes.ts';

const HOME = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'crossborder-celery');
const PYTHON = join(HOME, 'bin', 'python');
const READY = join(HOME, 'ready');

/** Celery and its Redis client in an environment of their own, made when it is missing. */
export function prepareCelery(): void {
  if (existsSync(READY)) return;
  execFileSync('python3', ['-m', 'venv', HOME], { stdio: 'inherit' });
  execFileSync(PYTHON, ['-m', 'pip', 'install', '--quiet', 'celery', 'redis', 'packaging'], {
    stdio: 'inherit',
  });
  writeFileSync(READY, '');
}

export interface CeleryRun {
  readonly what: 'throughput' | 'latency';
  readonly count: number;
  readonly concurrency: number;
}

/** Jobs per second, or the median milliseconds from enqueue to start. */
export function runCelery(redisUrl: string, { what, count, concurrency }: CeleryRun): number {
  const prefix = `celery-bench-${process.pid}:`;
  const answer = execFileSync(
    PYTHON,
    [join(ROOT, 'bench', 'celery_contest.py'), redisUrl, prefix, what, String(count), String(concurrency)],
    { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
  );
  const { rate, p50 } = JSON.parse(answer) as { rate?: number; p50?: number };
  return rate ?? p50 ?? Number.NaN;
}
