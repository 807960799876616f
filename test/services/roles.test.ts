import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Program } from '../support/process.ts';
import { realServices, type Services } from '../support/services.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const ROLES = ['serve', 'worker', 'scheduler', 'outbox-dispatch'] as const;
const Id = z.looseObject({ id: z.string() });

let services: Services;
let at: Workspace;
let url: string;
const running = new Map<string, Program>();

beforeAll(async () => {
  services = realServices();
  at = new Workspace({
    ...services.env,
    DATABASE_URL: '',
    NODE_ENV: 'production',
    PAYMENT_GATEWAY: 'mock',
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_FORMAT: 'json',
    SUPERUSER_PASSWORD: 'a-password-of-our-own',
  });
  const migrated = await at.run(['migrate', '--json'], { env: { CREATE_SUPERUSER: 'true' } });
  expect([migrated.code, JSON.parse(migrated.stdout)]).toMatchObject([
    0,
    { pending: [], superuser: 'created' },
  ]);
  const seeded = await at.run(['seed', '--json']);
  expect([seeded.code, seeded.stderr]).toEqual([0, expect.not.stringContaining('error')]);
  for (const role of ROLES) running.set(role, new Program([role], { cwd: at.cwd, env: at.env }));
  url = `${(await program('serve').line(/"url":"(http:[^"]+)"/))[1] ?? ''}/api/v1`;
}, 180_000);

afterAll(async () => {
  for (const one of running.values()) one.kill('SIGKILL');
  await at.remove();
  await services.drop();
}, 60_000);

function program(role: string): Program {
  const found = running.get(role);
  if (!found) throw new Error(`${role} does not run`);
  return found;
}

async function post(path: string, body: unknown, token?: string): Promise<unknown> {
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Registers, fills a cart and checks out. @returns the order's id */
async function buy(): Promise<string> {
  const Session = z.looseObject({ accessToken: z.string() });
  const account = { email: 'ana@example.com', password: 'correct horse battery', displayName: 'Ana Lima' };
  const token = Session.parse(await post('/auth/register', account)).accessToken;
  const Products = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
  const [product] = Products.parse(await (await fetch(`${url}/products?inStock=true&limit=1`)).json()).items;
  const Product = z.looseObject({
    variants: z.array(z.looseObject({ sku: z.string(), available: z.int() })),
  });
  const { variants } = Product.parse(await (await fetch(`${url}/products/${product?.id ?? ''}`)).json());
  await post('/cart/items', { sku: variants.find((v) => v.available > 0)?.sku, quantity: 1 }, token);
  const address = {
    recipient: 'Ana Lima',
    line1: 'Unter den Linden 1',
    postalCode: '10117',
    city: 'Berlin',
    country: 'DE',
    phone: '+4930901820',
  };
  const { id: addressId } = Id.parse(await post('/addresses', address, token));
  const Options = z.looseObject({ options: z.array(z.looseObject({ shippingMethodId: z.string() })) });
  const quote = await fetch(`${url}/cart/shipping-options?addressId=${addressId}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const shippingMethodId = Options.parse(await quote.json()).options[0]?.shippingMethodId;
  const order = Id.parse(await post('/orders', { addressId, shippingMethodId }, token));
  await post(`/orders/${order.id}/payments`, { token: 'tok_success' }, token);
  return order.id;
}

const mails = (): string[] => {
  const folder = join(at.cwd, 'var/mail');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
};

describe('the roles as processes of their own, on real services', () => {
  it('carry an order from the request to its e-mails', async () => {
    await buy();
    const mail = (kind: string): Promise<string> =>
      until(() => mails().find((name) => name.startsWith(`${kind}.`)), `the mail ${kind}`, 60_000);
    await mail('order-paid');
    const created = await mail('order-created');
    expect(readFileSync(join(at.cwd, 'var/mail', created), 'utf8')).toContain('To: ana@example.com');
  }, 90_000);

  it('are seen by status, by the probes and by the doctor', async () => {
    const alive = await Promise.all(
      ['worker', 'scheduler', 'relay'].map((role) => at.run(['status', '--alive', role])),
    );
    expect(alive.map(({ code }) => code)).toEqual([0, 0, 0]);
    const probe = await fetch(url.replace('/api/v1', '/healthz/worker'));
    expect(probe.status).toBe(200);
    const { code, stdout } = await at.run(['doctor', '--json']);
    const failed = z
      .looseObject({ checks: z.array(z.looseObject({ status: z.string() })) })
      .parse(JSON.parse(stdout))
      .checks.filter((check) => check.status === 'fail');
    expect([code, failed]).toEqual([0, []]);
  }, 60_000);

  it('publish every event: nothing stays in the outbox', async () => {
    const empty = async (): Promise<boolean> => {
      const { stdout } = await at.run(['status', '--json']);
      const { outbox } = z
        .looseObject({ outbox: z.looseObject({ pending: z.int(), dead: z.int() }) })
        .parse(JSON.parse(stdout));
      expect(outbox.dead).toBe(0);
      return outbox.pending === 0;
    };
    await until(empty, 'an empty outbox', 60_000);
  }, 90_000);

  it('stop in order on SIGTERM', async () => {
    for (const one of running.values()) one.kill('SIGTERM');
    const ends = await Promise.all(ROLES.map(async (role) => [role, (await program(role).ended).code]));
    expect(ends).toEqual(ROLES.map((role) => [role, 0]));
    expect((await at.run(['status', '--alive', 'worker'])).code).toBe(1);
  }, 60_000);
});
