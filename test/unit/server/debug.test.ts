import { expect, it } from '@jest/globals';
import { Router } from 'express';
import request from 'supertest';
import { createHttp } from '../../../src/server/http.ts';
import { route } from '../../../src/server/route.ts';

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const failing = (debug: boolean) =>
  createHttp({
    log: quiet,
    https: false,
    debug,
    verifier: { verify: () => Promise.reject(new Error('nobody signs in here')) },
    limiter: { consume: () => Promise.resolve() },
    allowedHosts: ['127.0.0.1'],
    corsOrigins: [],
    trustedProxies: [],
    routes: [
      route({
        method: 'get',
        path: '/broken',
        summary: 'A defect',
        tags: ['things'],
        auth: 'public',
        reply: { status: 204 },
        handle: () => {
          throw new TypeError('x is not a function');
        },
      }),
    ],
    probes: Router(),
    pages: [],
  });

it('a defect is shown in the answer with DEBUG only', async () => {
  const shown = await request(failing(true)).get('/api/v1/broken');
  expect([shown.status, shown.body.facts.error]).toMatchObject([
    500,
    { name: 'TypeError', message: 'x is not a function' },
  ]);
  const hidden = await request(failing(false)).get('/api/v1/broken');
  expect(hidden.status).toBe(500);
  expect(hidden.text).not.toContain('not a function');
});
