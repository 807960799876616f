import type { Express } from 'express';
import request from 'supertest';
import { type App, createApp } from '../../src/app.ts';
import type { RateLimits } from '../../src/infra/cache/rate-limiter.ts';
import { TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';

export interface TestApp {
  readonly app: App;
  readonly http: Express;
  readonly clock: TestClock;
  /** An agent that keeps nothing between requests: `t.api.get('/products')` below /api/v1. */
  readonly api: Api;
  /** The same, signed in with an access token. */
  as(accessToken: string): Api;
  /** The statements that `work` sent to the database, in order. */
  statements(work: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Api = Record<Method, (path: string) => request.Test>;

/**
 * The whole program on a database of its own, driven in process over HTTP. Close it in afterAll. Nobody is rate
 * limited, unless a test says how.
 */
export async function setupApp(
  options: { now?: string; env?: NodeJS.ProcessEnv; limits?: RateLimits } = {},
): Promise<TestApp> {
  const database = await createTestDatabase(options.env);
  const clock = new TestClock();
  if (options.now !== undefined) clock.set(options.now);
  const app = await createApp(database.config, { clock, limits: options.limits ?? {} });
  const http = await app.http();
  const api = (token?: string): Api => {
    const call = (method: Method) => (path: string) => {
      const test = request(http)[method](`/api/v1${path}`);
      return token === undefined ? test : test.set('Authorization', `Bearer ${token}`);
    };
    return {
      get: call('get'),
      post: call('post'),
      put: call('put'),
      patch: call('patch'),
      delete: call('delete'),
    };
  };
  return {
    app,
    http,
    clock,
    api: api(),
    as: api,
    statements: async (work) => {
      const seen: string[] = [];
      const stop = app.connections.onStatement((text) => seen.push(text));
      try {
        await work();
      } finally {
        stop();
      }
      return seen;
    },
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}
