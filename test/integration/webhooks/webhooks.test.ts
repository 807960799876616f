import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newId } from '../../../src/domain/shared/ids.ts';
import type { RunningRole } from '../../../src/jobs/work.ts';
import { type Account, staff } from '../../support/accounts.ts';
import { append, orderEvent } from '../../support/events.ts';
import { mails, startRoles } from '../../support/roles.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { until } from '../../support/until.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

interface Endpoint {
  id: string;
  secret: string;
  version: number;
  active: boolean;
  disabledReason: string | null;
}
interface Delivery {
  id: string;
  status: string;
  attempts: number;
  eventId: string;
  position: number;
  log: { statusCode: number | null; error: string | null; responseBody: string | null }[];
}

describe('webhook endpoints', () => {
  let t: TestApp;
  let clerk: Account;
  let roles: RunningRole;
  let receiver: WebhookReceiver;
  let made: string[] = [];

  beforeAll(async () => {
    t = await setupApp({
      env: {
        LOG_LEVEL: 'silent',
        WEBHOOKS_ALLOW_PRIVATE: 'true',
        WEBHOOK_MAX_ATTEMPTS: '3',
        WEBHOOK_RETRY_BASE_SECONDS: '600',
        WEBHOOK_TIMEOUT_SECONDS: '2',
        ALERT_EMAIL: 'staff@shop.example',
      },
    });
    clerk = await staff(t);
    roles = await startRoles(t);
  }, 60_000);
  beforeEach(async () => {
    made = [];
    receiver = await WebhookReceiver.open();
  });
  afterEach(async () => {
    for (const id of made) await clerk.api.delete(`/webhook-endpoints/${id}`).expect(204);
    await receiver.close();
  });
  afterAll(async () => {
    await roles.stop();
    await t.close();
  }, 60_000);

  const create = async (body: object = {}): Promise<Endpoint> => {
    const wanted = { url: receiver.url, description: 'ERP', ...body };
    const reply = await clerk.api.post('/webhook-endpoints').send(wanted).expect(201);
    const endpoint = reply.body as Endpoint;
    made.push(endpoint.id);
    return endpoint;
  };
  const deliveries = async (id: string): Promise<Delivery[]> =>
    (
      (await clerk.api.get(`/webhook-endpoints/${id}/deliveries?limit=100`).expect(200)).body as {
        items: Delivery[];
      }
    ).items;
  const detail = async (id: string): Promise<Delivery> =>
    (await clerk.api.get(`/webhook-deliveries/${id}`).expect(200)).body as Delivery;
  const endpoint = async (id: string): Promise<Endpoint> =>
    (await clerk.api.get(`/webhook-endpoints/${id}`).expect(200)).body as Endpoint;
  const events = async (count: number, order = newId(), from = 1): Promise<string> => {
    await append(t, ...Array.from({ length: count }, (_, i) => orderEvent(order, from + i, t.clock.now())));
    return order;
  };
  /** As if so much time had passed for the endpoint: Agenda's clock cannot be moved. */
  const later = async (id: string, seconds: number): Promise<void> => {
    const [now, then] = [t.clock.now(), new Date(t.clock.now().getTime() - seconds * 1000)];
    await t.app.connections.write(async (sql) => {
      await sql.run('UPDATE webhook_deliveries SET next_attempt_at = ? WHERE endpoint_id = ?', [now, id]);
      for (const column of ['failing_since', 'former_secret_until', 'lease_until']) {
        await sql.run(`UPDATE webhook_endpoints SET ${column} = ? WHERE id = ? AND ${column} IS NOT NULL`, [
          then,
          id,
        ]);
      }
      await sql.run('UPDATE webhook_former_secrets SET expires_at = ? WHERE endpoint_id = ?', [then, id]);
    });
    await (await t.app.work()).webhooks.sweep(100);
  };
  /** Every event has been published, and been seen by the group. */
  const consumed = () =>
    until(async () => {
      const work = await t.app.work();
      if ((await work.outbox.summary()).pending > 0) return false;
      return (await work.lag()).every((l) => l.group !== 'webhooks' || l.lag === 0);
    }, 'the events to be consumed');
  const status = async (endpointId: string, wanted: string[]) =>
    until(async () => {
      const found = (await deliveries(endpointId)).map((d) => d.status).reverse();
      return JSON.stringify(found) === JSON.stringify(wanted);
    }, wanted.join());

  it('get each event they want as a signed CloudEvent, in order, and nothing else', async () => {
    const own = await create({ eventTypes: ['order.completed.v1'] });
    const other = await create({ eventTypes: ['order.paid.v1'] });
    const order = await events(4);
    await until(() => receiver.received.length >= 4, 'four deliveries');
    await status(own.id, ['delivered', 'delivered', 'delivered', 'delivered']);
    expect(receiver.sequences).toEqual([1, 2, 3, 4]);
    expect(await deliveries(other.id)).toEqual([]);
    const [first] = receiver.received;
    expect(first?.headers['content-type']).toContain('application/cloudevents+json');
    const event = JSON.parse(first?.body ?? '') as Record<string, unknown>;
    expect(event).toMatchObject({ type: 'order.completed.v1', subject: order, data: { orderId: order } });
    expect(event.id).toBe(first?.headers['webhook-id']);
    expect(signed(own.secret)).toBe(true);
    expect(signed(`whsec_${Buffer.from('another secret of some length').toString('base64')}`)).toBe(false);
  }, 60_000);

  /** Whether the newest delivery verifies; the age of its time stamp is the test clock's affair. */
  const signed = (secret: string): boolean => {
    const newest = receiver.received.at(-1);
    if (newest === undefined) return false;
    const { headers, body } = newest;
    const [id, at] = [headers['webhook-id'] as string, Number(headers['webhook-timestamp'])];
    const wanted = new Webhook(secret).sign(id, new Date(at * 1000), body);
    return String(headers['webhook-signature']).split(' ').includes(wanted);
  };

  it('sign with both secrets while one is changed for another, and then with the new one alone', async () => {
    const before = await create();
    const after = (await clerk.api.post(`/webhook-endpoints/${before.id}/rotate-secret`).send({}).expect(200))
      .body as Endpoint;
    expect(after.secret).not.toBe(before.secret);
    await events(1);
    await status(before.id, ['delivered']);
    expect([signed(before.secret), signed(after.secret)]).toEqual([true, true]);
    await later(before.id, 1);
    await events(1);
    await status(before.id, ['delivered', 'delivered']);
    expect([signed(before.secret), signed(after.secret)]).toEqual([false, true]);
  }, 60_000);

  it('sign with every secret that was in force lately, however often it is changed, up to a bound', async () => {
    const { id, secret } = await create();
    const rotate = () => clerk.api.post(`/webhook-endpoints/${id}/rotate-secret`).send({});
    const secrets = [secret];
    for (let n = 0; n < 5; n++) secrets.push(((await rotate().expect(200)).body as Endpoint).secret);
    await events(1);
    await status(id, ['delivered']);
    expect(secrets.map(signed)).toEqual([true, true, true, true, true, true]);
    expect((await rotate().expect(409)).body).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('change the secret again after') as unknown,
    });
    await later(id, 1);
    secrets.push(((await rotate().expect(200)).body as Endpoint).secret);
    await events(1);
    await status(id, ['delivered', 'delivered']);
    expect(secrets.map(signed)).toEqual([false, false, false, false, false, true, true]);
  }, 60_000);

  it('lose no secret when two people change it at once', async () => {
    const { id, secret } = await create();
    const both = await Promise.all(
      [1, 2].map(() => clerk.api.post(`/webhook-endpoints/${id}/rotate-secret`).send({})),
    );
    const issued = both.filter((r) => r.status === 200).map((r) => (r.body as Endpoint).secret);
    expect(both.filter((r) => r.status !== 200).map((r) => r.status)).toEqual(
      issued.length === 2 ? [] : [409],
    );
    await events(1);
    await status(id, ['delivered']);
    expect([secret, ...issued].map(signed)).toEqual([secret, ...issued].map(() => true));
  }, 60_000);

  it('keep their secret to themselves: sealed in the database, and never shown again', async () => {
    const { id, secret } = await create();
    expect(secret).toMatch(/^whsec_/);
    const [row] = await t.app.connections.read.query<{ secret: string }>(
      'SELECT secret FROM webhook_endpoints WHERE id = ?',
      [id],
    );
    expect(row?.secret).toMatch(/^v1\./);
    expect(row?.secret).not.toContain(secret.slice(6));
    expect(JSON.stringify(await endpoint(id))).not.toContain('whsec_');
    const audit = await t.app.connections.read.query('SELECT * FROM audit_log');
    expect(JSON.stringify(audit)).not.toContain('whsec_');
  });

  it('hold the later events back while one fails, and get them in order after that', async () => {
    const { id } = await create();
    receiver.answer = () => ({ status: 503, body: 'not now' });
    await events(3);
    await until(() => receiver.received.length === 1, 'the first attempt');
    await until(async () => (await deliveries(id)).some((d) => d.attempts === 1), 'its record');
    expect((await deliveries(id)).map((d) => [d.status, d.attempts])).toEqual([
      ['pending', 0],
      ['pending', 0],
      ['pending', 1],
    ]);
    receiver.answer = () => ({ status: 200 });
    await later(id, 60);
    await status(id, ['delivered', 'delivered', 'delivered']);
    expect(receiver.sequences).toEqual([1, 1, 2, 3]);
    const oldest = (await deliveries(id)).at(-1);
    expect(await detail(oldest?.id ?? '')).toMatchObject({
      attempts: 2,
      log: [
        { statusCode: 503, responseBody: 'not now', error: null },
        { statusCode: 200, error: null },
      ],
    });
  }, 60_000);

  it('are not held back for ever: a delivery is given up, and can be sent again by staff', async () => {
    const { id } = await create();
    const refuse = (sequence: number) => (request: { body: string }) =>
      request.body.includes(`"aggregatesequence":${sequence}`) ? { status: 500 } : { status: 200 };
    receiver.answer = refuse(1);
    await events(2);
    for (const attempts of [1, 2]) {
      await until(
        async () => (await deliveries(id)).some((d) => d.attempts === attempts),
        `attempt ${attempts}`,
      );
      await later(id, 60);
    }
    await status(id, ['failed', 'delivered']);
    expect(receiver.sequences).toEqual([1, 1, 1, 2]);
    receiver.answer = () => ({ status: 200 });
    const failed = (await deliveries(id)).at(-1);
    const again = () =>
      clerk.api
        .post(`/webhook-deliveries/${failed?.id ?? ''}/redeliver`)
        .set('Idempotency-Key', 'again')
        .send({});
    const [one, two] = [await again().expect(201), await again().expect(201)];
    expect(two.body).toEqual(one.body);
    await status(id, ['failed', 'delivered', 'delivered']);
    expect(receiver.sequences).toEqual([1, 1, 1, 2, 1]);
    expect(new Set(receiver.received.map((r) => r.headers['webhook-id'])).size).toBe(2);
  }, 60_000);

  it('are switched off after failing for long, which staff are told, and go on where they stopped', async () => {
    const { id } = await create();
    receiver.answer = () => ({ status: 500 });
    await events(2);
    await until(async () => (await deliveries(id)).some((d) => d.attempts === 1), 'the first attempt');
    await later(id, 121 * 3600);
    const off = await until(async () => {
      const now = await endpoint(id);
      return !now.active && now;
    }, 'the endpoint to be off');
    expect(off.disabledReason).toContain('no delivery has succeeded since');
    await until(
      () => mails(t).some((m) => m.content.includes('staff@shop.example') && m.content.includes('disabled')),
      'the mail to staff',
    );
    const seen = receiver.received.length;
    await events(1);
    await consumed();
    await later(id, 3600);
    receiver.answer = () => ({ status: 200 });
    expect(receiver.received).toHaveLength(seen);
    await clerk.api
      .patch(`/webhook-endpoints/${id}`)
      .send({ active: true, version: off.version })
      .expect(200);
    await status(id, ['delivered', 'delivered']);
    expect(await endpoint(id)).toMatchObject({ active: true, disabledReason: null });
  }, 60_000);

  it('are switched off at once when they answer 410 Gone', async () => {
    const { id } = await create();
    receiver.answer = () => ({ status: 410 });
    await events(1);
    const off = await until(async () => {
      const now = await endpoint(id);
      return !now.active && now;
    }, 'the endpoint to be off');
    expect(off.disabledReason).toContain('410');
  }, 60_000);

  it('may not redirect, and have a limited time for their answer', async () => {
    const { id } = await create();
    receiver.answer = () => ({ status: 302, headers: { location: receiver.url } });
    await events(1);
    await until(async () => (await deliveries(id))[0]?.attempts === 1, 'an attempt');
    expect(receiver.received).toHaveLength(1);
    receiver.answer = () => undefined;
    await later(id, 60);
    await until(async () => (await deliveries(id))[0]?.attempts === 2, 'another');
    const [delivery] = await deliveries(id);
    const { log } = await detail(delivery?.id ?? '');
    expect(log).toMatchObject([{ statusCode: 302 }, { statusCode: null, error: 'no answer within 2 s' }]);
  }, 60_000);

  it('go on when their sender died', async () => {
    const { id } = await create();
    await t.app.connections.write((sql) =>
      sql.run('UPDATE webhook_endpoints SET lease_owner = ?, lease_until = ? WHERE id = ?', [
        'dead-process',
        new Date(t.clock.now().getTime() + 30_000),
        id,
      ]),
    );
    await events(1);
    await status(id, ['pending']);
    const { webhooks } = await t.app.work();
    expect(await webhooks.sweep(10)).toBe(0);
    expect(receiver.received).toEqual([]);
    await later(id, 31);
    await status(id, ['delivered']);
  }, 60_000);

  it.each([
    ['no address', 'shop', 'url'],
    ['another protocol', 'ftp://shop.example/', 'url'],
    ['a password', 'https://user:secret@shop.example/', 'url'],
  ])('are refused with %s', async (_, url, path) => {
    const body = { url, description: 'ERP' };
    const reply = await clerk.api.post('/webhook-endpoints').send(body).expect(400);
    expect(reply.body).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
  });

  it('are added, and given a new secret, once by the same key, and no reply holds the secret', async () => {
    const wanted = { url: receiver.url, description: 'ERP', eventTypes: ['order.paid.v1'] };
    const add = () =>
      clerk.api.post('/webhook-endpoints').set('Idempotency-Key', 'add').send(wanted).expect(201);
    const [one, two] = [await add(), await add()];
    expect(two.text).toBe(one.text);
    const { id, secret } = one.body as { id: string; secret: string };
    made.push(id);
    expect(secret).toMatch(/^whsec_/);
    const rotate = () =>
      clerk.api.post(`/webhook-endpoints/${id}/rotate-secret`).set('Idempotency-Key', 'rotate').expect(200);
    const [three, four] = [await rotate(), await rotate()];
    expect(four.text).toBe(three.text);
    const rotated = (three.body as { secret: string }).secret;
    expect(rotated).not.toBe(secret);
    const stored = JSON.stringify(await t.app.connections.read.query('SELECT * FROM idempotency_keys'));
    expect([stored.includes(secret), stored.includes(rotated)]).toEqual([false, false]);
    const other = await staff(t);
    const theirs = await other.api
      .post('/webhook-endpoints')
      .set('Idempotency-Key', 'add')
      .send(wanted)
      .expect(201);
    made.push((theirs.body as { id: string }).id);
    expect((theirs.body as { id: string }).id).not.toBe(id);
  });

  it('are refused with a type of event that does not exist', async () => {
    const body = { url: receiver.url, description: 'ERP', eventTypes: ['order.paid.v1', 'order.eaten.v1'] };
    const reply = await clerk.api.post('/webhook-endpoints').send(body).expect(400);
    expect(reply.body).toMatchObject({ errors: [{ path: 'eventTypes.1' }] });
  });
});
