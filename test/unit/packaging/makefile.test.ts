import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

const TARGETS =
  'setup up down logs status migrate createsuperuser seed dev worker beat flower test reset-db db-shell build help';

const plan = (...args: string[]): string =>
  execFileSync('make', ['--dry-run', ...args], { encoding: 'utf8' }).trim();

it.each(TARGETS.split(' '))('make %s is there', (target) => {
  expect(plan(target)).not.toBe('');
});

it('passes arguments on, and runs in a container when asked', () => {
  expect(plan('seed', 'ARGS=--size medium')).toBe('node bin/run.js seed --size medium');
  expect(plan('beat', 'IN=docker')).toBe('docker compose run --rm cli scheduler');
});

it('lists every target', () => {
  const listed = execFileSync('make', ['help'], { encoding: 'utf8' });
  for (const target of TARGETS.split(' ')) expect(listed).toMatch(new RegExp(`^${target} +\\S`, 'm'));
});
