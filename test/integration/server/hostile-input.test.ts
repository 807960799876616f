import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import request from 'supertest';
import { admin } from '../../support/accounts.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

/** Values that have broken programs: types, sizes, encodings, prototypes, SQL, NUL. */
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\u0000',
    '\ud800',
    "'; DROP TABLE users; --",
    '__proto__',
    'x'.repeat(70_000),
    [],
    {},
    { $gt: '' },
    { amount: '-1', currency: 'EUR' },
    { amount: 1.5, currency: 'XXX' },
    '9'.repeat(30),
    'ZZ',
    randomUUID(),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

describe('hostile input', () => {
  let t: TestApp;
  let token: string;
  beforeAll(async () => {
    t = await setupApp();
    token = (await admin(t)).accessToken;
  });
  afterAll(() => t.close());

  it('never gets a 500, whatever is in the body of any route', async () => {
    for (const route of t.app.routes.filter((r) => r.body !== undefined && !r.path.startsWith('/auth/'))) {
      const fields = fieldsOf(route.body);
      const body = fc.oneof(
        hostile,
        fc.dictionary(fc.constantFrom(...fields, 'unknown'), hostile, { maxKeys: fields.length }),
      );
      await fc.assert(
        fc.asyncProperty(body, async (value) => {
          const res = await request(t.http)
            [route.method](`/api/v1${path(route.path)}`)
            .set('Authorization', `Bearer ${token}`)
            .set('Content-Type', 'application/json')
            .send(JSON.stringify(value));
          if (res.status >= 500) throw new Error(`${route.method} ${route.path}: ${res.status} ${res.text}`);
        }),
        { numRuns: 25 },
      );
    }
  }, 120_000);

  it('never gets a 500, whatever is in the query of any list', async () => {
    for (const route of t.app.routes.filter((r) => r.query !== undefined)) {
      const fields = fieldsOf(route.query);
      const text = fc.oneof(
        fc.constantFrom('', '\u0000', '%', "'", 'NaN', '-1', '1e9', 'x'.repeat(5000), '*', '"', '+-~()'),
        fc.string(),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(fc.constantFrom(...fields), text, { minKeys: 1, maxKeys: 3 }),
          async (query) => {
            const res = await request(t.http)
              .get(`/api/v1${path(route.path)}?${new URLSearchParams(query).toString()}`)
              .set('Authorization', `Bearer ${token}`);
            if (res.status >= 500)
              throw new Error(`${route.path} ${JSON.stringify(query)}: ${res.status} ${res.text}`);
          },
        ),
        { numRuns: 40 },
      );
    }
  }, 120_000);

  it('in the path names nothing', async () => {
    for (const route of t.app.routes.filter((r) => r.path.includes('{') && r.method === 'get')) {
      for (const id of ['1', "'", '%00', '..%2f..', 'x'.repeat(2000)]) {
        const res = await request(t.http)
          .get(`/api/v1${route.path.replaceAll(/\{\w+\}/g, id)}`)
          .set('Authorization', `Bearer ${token}`);
        expect([route.path, id, res.status]).toEqual([route.path, id, 404]);
      }
    }
  });
});

const path = (template: string): string => template.replaceAll(/\{\w+\}/g, randomUUID());

/** The names of a schema's fields, so that some values reach the rules behind it. */
function fieldsOf(schema: unknown): string[] {
  const shape = (schema as { shape?: Record<string, unknown> }).shape;
  return shape === undefined ? ['value'] : Object.keys(shape);
}
