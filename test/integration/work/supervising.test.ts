import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { supervise } from '../../../src/app/supervising.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossborder-supervised-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Supervises a program to its end. @returns how that was, and what was told of it */
async function supervised(
  program: string,
  args: readonly string[],
  { blockedSeconds = 60, stopMilliseconds = 60_000 } = {},
): Promise<{ code: number; told: string[] }> {
  const told: string[] = [];
  const tell = (line: string) => void told.push(line.replace(/\d+/, 'N'));
  const { ended } = supervise({ program, args, blockedSeconds, stopMilliseconds, tell });
  return { code: await ended, told };
}

const BLOCKED = {
  code: 0,
  told: ['process N has been blocked for 2 s: killed', 'process N ended (SIGKILL): starting another'],
};

const program = fileURLToPath(new URL('../../support/blocking-process.mjs', import.meta.url));

it('a process whose event loop stands still is killed, and another takes its place', async () => {
  const end = await supervised(program, [join(folder, 'mark')], { blockedSeconds: 2 });
  expect(end).toEqual(BLOCKED);
  expect(Number(readFileSync(join(folder, 'mark'), 'utf8'))).toBeGreaterThan(0);
}, 60_000);

const starting = fileURLToPath(new URL('../../support/starting-process.mjs', import.meta.url));

it('a process that is blocked before its work has begun is killed as well', async () => {
  const end = await supervised(starting, [join(folder, 'mark'), 'blocks'], { blockedSeconds: 2 });
  expect(end).toEqual(BLOCKED);
}, 60_000);

it('a process that fails before its work has begun is not started again', async () => {
  const end = await supervised(starting, [join(folder, 'mark'), 'fails']);
  expect(end).toEqual({ code: 3, told: [] });
}, 60_000);

it('a process that cannot start is not started again and again', async () => {
  const end = await supervised(join(folder, 'missing.mjs'), [], { blockedSeconds: 2 });
  expect(end).toEqual({ code: 1, told: [] });
}, 60_000);

const leaving = fileURLToPath(new URL('../../support/leaving-process.mjs', import.meta.url));

it.each([
  ['fails while it stops', 'fails', 3, []],
  ['hangs while it stops', 'hangs', 1, ['process N has not ended in time: killed']],
])(
  'a process that %s is not replaced',
  async (_, how, code, lines) => {
    const end = await supervised(leaving, [join(folder, 'lives'), how], { stopMilliseconds: 300 });
    expect(end).toEqual({ code, told: lines });
    expect(readFileSync(join(folder, 'lives'), 'utf8')).toBe('1');
  },
  60_000,
);

it('a process whose supervisor is killed ends with it, even before it has begun to work', async () => {
  const late = fork(fileURLToPath(new URL('../../support/late-supervised-process.mjs', import.meta.url)));
  const ended = once(late, 'exit');
  await once(late, 'message');
  late.disconnect();
  expect(await ended).toEqual([1, null]);
}, 60_000);
