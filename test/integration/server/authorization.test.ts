import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '../../../src/domain/shared/actor.ts';
import type { Route } from '../../../src/server/route.ts';
import { admin, customer, staff } from '../../support/accounts.ts';
import { AUTHORIZATION, NOT_IDEMPOTENT } from '../../support/authorization-matrix.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

const name = (route: Route): string => `${route.method.toUpperCase()} ${route.path}`;

describe('the authorization matrix', () => {
  let t: TestApp;
  const tokens = new Map<Role, string>();
  beforeAll(async () => {
    t = await setupApp();
    const accounts = { customer: await customer(t), staff: await staff(t), admin: await admin(t) };
    for (const role of ROLES) tokens.set(role, accounts[role].accessToken);
  });
  afterAll(() => t.close());

  it('has every route, with the access that the route declares', () => {
    expect(Object.fromEntries(t.app.routes.map((r) => [name(r), r.auth]))).toEqual(AUTHORIZATION);
  });

  it('lets anybody without a token into nothing that is not public', async () => {
    // Where a cart token does as well as an account, the cart's own tests say who is let in.
    for (const route of t.app.routes.filter((r) => r.auth !== 'optional')) {
      const res = await call(route);
      const shut = res.status === 401 && res.body.code === 'unauthenticated';
      expect([name(route), shut]).toEqual([name(route), route.auth !== 'public']);
    }
  });

  it.each([...ROLES])('lets a %s into what its role includes, and nothing else', async (role) => {
    for (const route of t.app.routes) {
      const res = await call(route, tokens.get(role));
      const needed = (ROLES as readonly string[]).indexOf(route.auth);
      expect([name(route), res.body?.code === 'forbidden']).toEqual([
        name(route),
        needed > ROLES.indexOf(role),
      ]);
    }
  });

  it('makes every unsafe POST repeatable, or says why not', () => {
    const without = t.app.routes.filter((r) => r.method === 'post' && r.idempotent !== true).map(name);
    expect(without.sort()).toEqual(Object.keys(NOT_IDEMPOTENT).sort());
  });

  async function call(route: Route, token?: string) {
    const path = route.path.replaceAll(/\{\w+\}/g, randomUUID());
    const api = token === undefined ? t.api : t.as(token);
    const request = api[route.method](path);
    return route.body === undefined ? request : request.send({});
  }
});
