import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

describe('the HTTP surface', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await setupApp();
  });
  afterAll(() => t.close());

  it('answers probes, whatever the Host', async () => {
    const res = await request(t.http).get('/healthz/').set('Host', 'anything.example');
    expect(res.status).toBe(200);
    const ready = await request(t.http).get('/healthz/ready');
    expect(ready.body).toMatchObject({
      status: 'ok',
      checks: expect.arrayContaining([expect.objectContaining({ name: 'database', status: 'ok' })]),
    });
  });

  it('refuses a foreign Host elsewhere', async () => {
    const res = await request(t.http).get('/api/schema/').set('Host', 'evil.example');
    expect(res.status).toBe(400);
    expect(res.body).toMatchObject({ code: 'host_not_allowed' });
  });

  it('knows a Host by its domain, in any case, with a port, and in brackets', async () => {
    const own = await setupApp({ env: { ALLOWED_HOSTS: '*.example.com,[::1]' } });
    const status = async (host: string): Promise<number> =>
      (await request(own.http).get('/api/schema/').set('Host', host)).status;
    for (const host of ['Shop.Example.com', 'example.com:8000', '[::1]:8000', '[::1]']) {
      expect([host, await status(host)]).toEqual([host, 200]);
    }
    expect(await status('badexample.com')).toBe(400);
    await own.close();
  });

  it('answers an unknown address with a problem', async () => {
    const res = await t.api.get('/nothing-here');
    expect(res.status).toBe(404);
    expect(res.type).toBe('application/problem+json');
    expect(res.body).toMatchObject({ code: 'not_found', status: 404, instance: '/api/v1/nothing-here' });
  });

  it('serves the schema as JSON and as YAML, and both documentation pages without a CDN', async () => {
    const json = await request(t.http).get('/api/schema/');
    expect(json.status).toBe(200);
    expect(JSON.parse(json.text)).toMatchObject({ openapi: '3.1.0' });
    const yaml = await request(t.http).get('/api/schema/?format=yaml');
    expect(yaml.text).toContain('openapi: 3.1.0');
    for (const page of ['/api/docs/', '/api/redoc/']) {
      const html = await request(t.http).get(page);
      expect(html.status).toBe(200);
      expect(html.text).not.toMatch(/(src|href)="https?:/);
    }
    expect((await request(t.http).get('/api/redoc/redoc.standalone.js')).status).toBe(200);
  });
});
