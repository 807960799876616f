import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { envExample } from '../../../src/config/env-example.ts';
import { loadConfig } from '../../../src/config.ts';

it('.env.example is what the schema says (npm run env-example makes it anew)', () => {
  expect(readFileSync('.env.example', 'utf8')).toBe(envExample());
});

it('shows the true defaults: uncommented, it changes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-'));
  const envFile = join(folder, '.env');
  writeFileSync(envFile, envExample().replace(/^#(?=[A-Z_]+=)/gm, ''));
  const config = loadConfig({ env: {}, envFile });
  expect({ ...config, warnings: [] }).toEqual({ ...loadConfig({ env: {} }), warnings: [] });
  rmSync(folder, { recursive: true });
});
