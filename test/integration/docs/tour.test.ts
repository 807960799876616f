import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Program } from '../../support/process.ts';
import { Workspace } from '../../support/workspace.ts';

/** The blocks of the README that follow the mark. */
const tour = [...readFileSync('README.md', 'utf8').matchAll(/<!-- tour -->\n```sh\n([\s\S]*?)```/g)]
  .map(([, block]) => block)
  .join('\n');

let at: Workspace;
let up: Program;
let url: string;
beforeAll(async () => {
  // A database of its own, everything else as on a fresh machine.
  at = new Workspace({ SECRET_KEY: '', PORT: '0', DATA_DIR: 'var' });
  up = new Program(['up'], { cwd: at.cwd, env: at.env });
  url = (await up.line(/API +(http:\S+)\/products/))[1] ?? '';
}, 60_000);
afterAll(async () => {
  up.kill('SIGINT');
  expect((await up.ended).code).toBe(0);
  await at.remove();
}, 40_000);

it('the tour of the README goes as it says', async () => {
  const shell = spawn('bash', ['-euo', 'pipefail'], {
    cwd: at.cwd,
    env: { PATH: process.env.PATH, API: url.replace('127.0.0.1', 'localhost') },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  shell.stdin.end(tour);
  const [code] = (await once(shell, 'close')) as [number | null];
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(
      /JPY\n[\s\S]*one order: [\s\S]*captured\n[\s\S]*completed\n[\s\S]*-> pending_payment\n/,
    ),
  ]);
  const mails = readdirSync(join(at.cwd, 'var/mail')).map((name) => name.split('.')[0]);
  expect(mails.toSorted()).toEqual(['order-created', 'order-delivered', 'order-paid', 'order-shipped']);
}, 60_000);
