import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newWebhookSecret, signatureHeaders } from '../../../src/domain/webhooks/sign-webhook.ts';

const PAGE = fileURLToPath(new URL('../../../docs/webhooks.md', import.meta.url));

type IsGenuine = (secret: string, headers: Record<string, string>, rawBody: string) => boolean;

describe('the example of how to verify a webhook', () => {
  let folder: string;
  let isGenuine: IsGenuine;
  const [former, current] = [newWebhookSecret(), newWebhookSecret()];
  const body = '{"type":"order.paid.v1"}';
  const sign = (at: Date) => signatureHeaders([current, former], { id: 'event-1', body, at });

  beforeAll(async () => {
    const [, code] = /```js\n([\s\S]+?)```/.exec(readFileSync(PAGE, 'utf8')) ?? [];
    folder = mkdtempSync(join(tmpdir(), 'crossborder-example-'));
    const path = join(folder, 'example.mjs');
    writeFileSync(path, code ?? '');
    ({ isGenuine } = (await import(pathToFileURL(path).href)) as { isGenuine: IsGenuine });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes what is signed with either secret in force', () => {
    const headers = sign(new Date());
    expect([former, current].map((secret) => isGenuine(secret, headers, body))).toEqual([true, true]);
  });

  it('refuses another body, another id, another secret, and what is old', () => {
    const headers = sign(new Date());
    expect(isGenuine(current, headers, `${body} `)).toBe(false);
    expect(isGenuine(current, { ...headers, 'webhook-id': 'event-2' }, body)).toBe(false);
    expect(isGenuine(newWebhookSecret(), headers, body)).toBe(false);
    expect(isGenuine(current, sign(new Date(Date.now() - 600_000)), body)).toBe(false);
  });
});
