import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import request from 'supertest';
import { seedSample } from '../../../src/app/seeding.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

let t: TestApp;

beforeAll(async () => {
  t = await setupApp();
  await seedSample(t.app, { size: 'small', seed: 1 });
});
afterAll(() => t.close());

it('serves the image of every sample product, for other origins too, and nothing in it can run', async () => {
  const rows = await t.app.connections.read.query<{ url: string }>('SELECT DISTINCT url FROM product_images');
  expect(rows.length).toBeGreaterThan(10);
  for (const { url } of rows) {
    const reply = await request(t.http).get(url).expect(200).expect('Content-Type', /svg/);
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    expect(reply.headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(String(reply.body)).not.toContain('<script');
  }
});

it('shows nothing outside the media folder, no list and no hidden file', async () => {
  const { mediaRoot } = t.app.config;
  await mkdir(join(mediaRoot, '.secret'), { recursive: true });
  await writeFile(join(mediaRoot, '.secret', 'a.txt'), 'hidden');
  for (const path of [
    '/media/',
    '/media/sample',
    '/media/sample/',
    '/media/../crossborder.sqlite',
    '/media/%2e%2e/crossborder.sqlite',
    '/media/.secret/a.txt',
    '/media/absent.svg',
  ]) {
    const reply = await request(t.http).get(path);
    expect([path, reply.status]).toEqual([path, 404]);
    expect(reply.headers['content-type']).toContain('application/problem+json');
  }
});
