import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { customer } from '../support/accounts.ts';
import { BreakableLink } from '../support/breakable-link.ts';
import { setupApp, type TestApp } from '../support/setup-app.ts';

describe('while the MySQL server is away', () => {
  const link = new BreakableLink({
    host: process.env.DB_HOST ?? '127.0.0.1',
    port: Number(process.env.DB_PORT),
  });
  let t: TestApp;
  beforeAll(async () => {
    await link.mend();
    t = await setupApp({
      env: {
        DB_HOST: '127.0.0.1',
        DB_PORT: String(link.port),
        DB_USER: process.env.DB_USER,
        DB_PASSWORD: process.env.DB_PASSWORD,
        DB_NAME: `test_away_${process.pid}`,
      },
    });
  });
  afterAll(async () => {
    await t.close();
    await link.cut();
  });

  it('reads and writes answer 503 and say when to come back, and all is well when it is back', async () => {
    const { api } = await customer(t);
    await link.cut();
    for (const res of [await t.api.get('/products'), await api.post('/addresses').send(ADDRESS)]) {
      expect([res.status, res.body.code, res.headers['retry-after']]).toEqual([503, 'unavailable', '5']);
      expect(res.text).not.toContain('127.0.0.1');
    }
    expect((await request(t.http).get('/healthz/ready')).status).toBe(503);
    expect((await request(t.http).get('/healthz/')).status).toBe(200);
    await link.mend();
    expect((await t.api.get('/products')).status).toBe(200);
    expect((await api.post('/addresses').send(ADDRESS)).status).toBe(201);
    expect((await request(t.http).get('/healthz/ready')).status).toBe(200);
  });
});

const ADDRESS = {
  recipient: 'Ana Lima',
  line1: 'Unter den Linden 1',
  postalCode: '10117',
  city: 'Berlin',
  country: 'DE',
  phone: '+4930901820',
};
