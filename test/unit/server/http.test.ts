import { describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import request from 'supertest';
import { z } from 'zod';
import { DomainError } from '../../../src/domain/shared/errors.ts';
import type { Once } from '../../../src/domain/shared/once.ts';
import { Replay } from '../../../src/domain/shared/once.ts';
import { createHttp } from '../../../src/server/http.ts';
import { openApiDocument } from '../../../src/server/openapi.ts';
import { route } from '../../../src/server/route.ts';

const logged: { level: string; facts: object }[] = [];
const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (facts: object) => logged.push({ level: 'error', facts }),
};

let seen: Once<string> | undefined;
const routes = [
  route({
    method: 'post',
    path: '/things/{id}',
    summary: 'Make a thing',
    tags: ['things'],
    auth: 'customer',
    idempotent: true,
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({
      name: z.string().min(1),
      lines: z.array(z.strictObject({ n: z.int() })).optional(),
    }),
    reply: { status: 201, schema: z.object({ name: z.string() }) },
    handle: ({ body, once }) => {
      seen = once((name: string) => ({ name }));
      if (body.name === 'again') throw new Replay({ status: 201, body: { name: 'first' } });
      if (body.name === 'defect') throw new Error('the password is hunter2');
      if (body.name === 'later') throw new DomainError('busy', 'come back', { retryAfter: 1.5 });
      return { name: body.name };
    },
  }),
  route({
    method: 'get',
    path: '/staff',
    summary: 'For staff',
    tags: ['things'],
    auth: 'staff',
    reply: { status: 200, schema: z.object({ ok: z.boolean() }) },
    handle: () => ({ ok: true }),
  }),
];

const http = createHttp({
  log,
  verifier: {
    verify: (token) => {
      if (token === 'a.b.c') return Promise.resolve({ type: 'user', userId: 'u1', role: 'customer' });
      return Promise.reject(new DomainError('unauthenticated', 'not one of our tokens'));
    },
  },
  limiter: { consume: () => Promise.resolve() },
  https: true,
  allowedHosts: ['127.0.0.1'],
  corsOrigins: ['https://shop.example'],
  trustedProxies: [],
  routes,
  probes: Router(),
  pages: [],
});

const PATH = '/api/v1/things/01a20919-9009-7308-bc98-03d0315eb171';
const post = (path = PATH) => request(http).post(path).set('Authorization', 'Bearer a.b.c');

describe('a bad request', () => {
  it.each([
    ['malformed JSON', '{"name":', 400, 'malformed_json'],
    ['a JSON scalar', '"x"', 400, 'malformed_json'],
    ['an array', '[]', 400, 'validation_failed'],
    ['nothing', '', 400, 'validation_failed'],
  ])('with %s as body is told so', async (_what, body, status, code) => {
    const res = await post().set('Content-Type', 'application/json').send(body);
    expect([res.status, res.body.code]).toEqual([status, code]);
  });

  it('names the path of each wrong field, and unknown fields', async () => {
    const res = await post().send({ name: '', lines: [{ n: 1 }, { n: 1.5, m: 2 }], admin: true });
    expect(res.status).toBe(400);
    expect((res.body.errors as { path: string }[]).map((e) => e.path).sort()).toEqual([
      'admin',
      'lines.1.m',
      'lines.1.n',
      'name',
    ]);
  });

  it('of 2 MB is too large', async () => {
    const res = await post().send({ name: 'x'.repeat(2 * 1024 * 1024) });
    expect([res.status, res.body.code]).toEqual([413, 'payload_too_large']);
  });

  it.each(['gzip', 'deflate', 'br'])('that is not %s as it says is told so', async (encoding) => {
    const res = await post()
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', encoding)
      .send('{}');
    expect([res.status, res.body.code]).toEqual([400, 'validation_failed']);
  });

  it('in another content type is not taken', async () => {
    const res = await post().type('form').send('name=x');
    expect([res.status, res.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('to a wrong id is 404, as an unknown id is', async () => {
    const res = await post('/api/v1/things/1').send({ name: 'x' });
    expect([res.status, res.body.code]).toEqual([404, 'not_found']);
  });

  it('to a path that cannot be decoded is told so', async () => {
    const res = await post('/api/v1/things/%zz').send({ name: 'x' });
    expect([res.status, res.body.code]).toEqual([400, 'validation_failed']);
  });

  it('with an unknown query is refused, so that a misspelt filter is not ignored', async () => {
    const res = await post(`${PATH}?nam=1`).send({ name: 'x' });
    expect(res.body.errors).toEqual([{ path: 'nam', message: 'unknown field', code: 'unknown_field' }]);
  });

  it('with another method is told which are allowed', async () => {
    const res = await request(http).delete(PATH);
    expect([res.status, res.headers.allow]).toEqual([405, 'POST']);
  });

  it('with a bad idempotency key is refused', async () => {
    const res = await post().set('Idempotency-Key', 'a b').send({ name: 'x' });
    expect(res.body.errors).toMatchObject([{ path: 'Idempotency-Key' }]);
  });
});

describe('who may call', () => {
  it('is asked to sign in', async () => {
    const res = await request(http).get('/api/v1/staff');
    expect([res.status, res.body.code]).toEqual([401, 'unauthenticated']);
    expect(res.headers['www-authenticate']).toContain('Bearer');
  });

  it.each(['Basic abc', 'Bearer', 'Bearer nodots', 'Bearer x.y.z'])(
    'is not somebody with %p',
    async (header) => {
      const res = await request(http).get('/api/v1/staff').set('Authorization', header);
      expect(res.status).toBe(401);
    },
  );

  it('needs the role', async () => {
    const res = await request(http).get('/api/v1/staff').set('Authorization', 'Bearer a.b.c');
    expect([res.status, res.body.code]).toEqual([403, 'forbidden']);
  });
});

describe('an answer', () => {
  it('carries the request id of the caller, or one of its own', async () => {
    const res = await post().set('X-Request-Id', 'abcdefgh-1').send({ name: 'x' });
    expect([res.status, res.headers['x-request-id']]).toEqual([201, 'abcdefgh-1']);
    const other = await post().set('X-Request-Id', 'bad id').send({ name: 'x' });
    expect(other.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('to a key that was used is the first one, and says so', async () => {
    const res = await post().set('Idempotency-Key', 'k1').send({ name: 'again' });
    expect([res.status, res.body, res.headers['idempotent-replayed']]).toEqual([
      201,
      { name: 'first' },
      'true',
    ]);
  });

  it('binds the key to the caller, the operation and the canonical body', async () => {
    await post().set('Idempotency-Key', 'k1').send({ name: 'x', lines: [] });
    const first = seen;
    await post().set('Idempotency-Key', 'k1').send({ lines: [], name: 'x' });
    expect(seen?.fingerprint).toBe(first?.fingerprint);
    expect(seen?.scope).toBe('user:u1:POST /things/{id}');
    expect(seen?.render('x')).toEqual({ status: 201, body: { name: 'x' } });
    await post().set('Idempotency-Key', 'k1').send({ name: 'y', lines: [] });
    expect(seen?.fingerprint).not.toBe(first?.fingerprint);
  });

  it('to a defect tells nothing of it, and the log has it', async () => {
    logged.length = 0;
    const res = await post().send({ name: 'defect' });
    expect([res.status, res.body.code]).toEqual([500, 'internal']);
    expect(res.text).not.toContain('hunter2');
    expect(logged[0]?.facts).toMatchObject({
      requestId: res.headers['x-request-id'],
      error: { message: 'the password is hunter2' },
    });
  });

  it('says when to come back, in whole seconds', async () => {
    const res = await post().send({ name: 'later' });
    expect([res.status, res.headers['retry-after']]).toEqual([503, '2']);
  });

  it('lets only named origins read it', async () => {
    const ours = await post().set('Origin', 'https://shop.example').send({ name: 'x' });
    expect(ours.headers['access-control-allow-origin']).toBe('https://shop.example');
    const other = await post().set('Origin', 'https://evil.example').send({ name: 'x' });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('the OpenAPI document', () => {
  const document = openApiDocument(routes, { version: '1.2.3', publicUrl: 'https://api.example/' });

  it('has each route with its input, its security and its problems', () => {
    const operation = document.paths?.['/things/{id}']?.post;
    expect(operation).toMatchObject({ operationId: 'postThingsById', security: [{ bearer: [] }] });
    expect(operation?.parameters?.map((p) => ('name' in p ? p.name : ''))).toEqual(['id', 'idempotency-key']);
    expect(Object.keys(operation?.responses ?? {})).toEqual(['201', '4XX']);
    expect(document.servers).toEqual([{ url: 'https://api.example/api/v1' }]);
  });
});
