import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '../../../src/app.ts';
import { startScheduler } from '../../../src/jobs/scheduler.ts';
import { Workspace } from '../../support/workspace.ts';

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));
const blocks = [...readFileSync('docs/jobs.md', 'utf8').matchAll(/<!-- runs -->\n```sh\n([\s\S]*?)```/g)].map(
  ([, block]) => block ?? '',
);

let at: Workspace;
beforeAll(async () => {
  at = new Workspace({ LOG_LEVEL: 'error' });
  expect((await at.run(['migrate'])).code).toBe(0);
  // Stores the schedules.
  const app = await createApp(at.config);
  await (await startScheduler(app)).stop();
  await app.close();
}, 60_000);
afterAll(() => at.remove());

/** Each command as it stands; the first that fails ends it. */
async function shell(script: string): Promise<{ code: number | null; output: string }> {
  const { PATH, HOME } = process.env;
  const bash = spawn('bash', ['-euo', 'pipefail'], {
    cwd: at.cwd,
    env: { PATH, HOME, NO_COLOR: '1', ...at.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [bash.stdout, bash.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  bash.stdin.end(`crossborder() { '${process.execPath}' '${BIN}' "$@"; }\n${script}`);
  const [code] = (await once(bash, 'close')) as [number | null];
  return { code, output };
}

describe('the commands of docs/jobs.md', () => {
  it('watch and repair jobs as it says', async () => {
    const { code, output } = await shell(blocks[0] ?? '');
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/manual:orders\.expire-unpaid:demo[\s\S]*delete done/),
    ]);
  }, 240_000);

  it('change schedules as it says', async () => {
    const { code, output } = await shell(blocks[1] ?? '');
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/@every 90s[\s\S]*manual[\s\S]*10 3 \* \* \* \(UTC\)/),
    ]);
  }, 240_000);

  it('answer what they cannot do with an error and an exit code', async () => {
    const wrong = async (args: readonly string[]): Promise<[number | null, string]> => {
      const { code, stderr } = await at.run(args);
      return [code, stderr];
    };
    expect(await wrong(['jobs', 'run', 'no.such-job'])).toEqual([1, expect.stringContaining('the jobs are')]);
    expect(await wrong(['jobs', 'run', 'orders.expire-unpaid', '--data', '{"limit": "x"}'])).toEqual([
      2,
      expect.stringContaining('data.limit'),
    ]);
    expect(await wrong(['schedules', 'set', 'purge-events', '--cron', '0 0 31 2 *'])).toEqual([
      2,
      expect.stringContaining('never fires'),
    ]);
    expect(await wrong(['schedules', 'set', 'purge-events', '--timezone', 'Mars/Olympus'])).toEqual([
      2,
      expect.stringContaining('no time zone Mars/Olympus'),
    ]);
    expect(await wrong(['jobs', 'retry', 'nothing'])).toEqual([
      1,
      expect.stringContaining('nothing: not changed'),
    ]);
  }, 240_000);
});
