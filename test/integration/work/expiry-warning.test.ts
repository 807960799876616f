import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { JobContext } from '../../../src/domain/jobs/job-runner.ts';
import { SendOrderMail } from '../../../src/domain/notifications/send-order-mail.job.ts';
import { addMinutes } from '../../../src/domain/shared/clock.ts';
import { sendOrderMail } from '../../../src/jobs/handlers/send-order-mail.ts';
import type { RunningRole } from '../../../src/jobs/work.ts';
import { mails, startRoles } from '../../support/roles.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';
import { type Buyer, type OrderBody, Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const context: JobContext = { jobId: 'j', attempt: 1, signal: new AbortController().signal };

describe('mails about money and deadlines', () => {
  let t: TestApp;
  let shop: Shop;
  let buyer: Buyer;
  let roles: RunningRole | undefined;
  beforeAll(async () => {
    t = await setupApp({ env: { LOG_LEVEL: 'silent', ORDER_EXPIRATION_MINUTES: '30' } });
    shop = new Shop(t);
    buyer = await shop.buyer();
    roles = await startRoles(t);
  });
  afterAll(async () => {
    await roles?.stop();
    await t.close();
  });

  const planned = async (orderId: string) => {
    const control = await t.app.control();
    const page = await control.jobs.page({ text: orderId, name: SendOrderMail.name }, { limit: 50 });
    const Data = z.object({ kind: z.string() });
    return page.items.find((job) => Data.safeParse(job.data).data?.kind === 'expiring');
  };
  const warn = async (order: OrderBody, at: Date): Promise<boolean> => {
    const { orderMails, mailer } = await t.app.work();
    const eventId = `${order.id}-${at.getTime()}`;
    const handler = sendOrderMail({ orderMails, mailer }, { now: () => at });
    await handler.run({ kind: 'expiring', orderId: order.id, eventId }, context);
    return mails(t).some((m) => m.name === `order-expiring.${eventId}.eml`);
  };

  it('a warning is planned once, for when a third of the time to pay is left', async () => {
    const order = await shop.order(buyer, await shop.product());
    const job = await until(() => planned(order.id), 'the planned warning');
    const { body } = await buyer.api.get(`/orders/${order.id}`).expect(200);
    const { expiresAt } = z.object({ expiresAt: z.iso.datetime() }).parse(body);
    expect(job.state).toBe('scheduled');
    const early = Date.parse(expiresAt) - (job.runAt?.getTime() ?? 0);
    expect(early / 60_000).toBeCloseTo(10, 1);
  });

  it('is sent while the order can still be paid, and neither after that nor once it was paid', async () => {
    const order = await shop.order(buyer, await shop.product());
    const now = t.clock.now();
    expect(await warn(order, now)).toBe(true);
    expect(await warn(order, addMinutes(now, 31))).toBe(false);
    await buyer.api.post(`/orders/${order.id}/payments`).send({ token: 'tok_success' }).expect(201);
    expect(await warn(order, addMinutes(now, 1))).toBe(false);
  });

  it('the buyer is told what was given back', async () => {
    const order = await shop.paidOrder(buyer, await shop.product());
    await buyer.api.post(`/orders/${order.id}/cancel`).expect(200);
    const mail = await until(
      () => mails(t).find((m) => m.name.startsWith('order-refunded') && m.content.includes(order.number)),
      'the mail about the refund',
    );
    expect(mail.content).toContain('EUR 10.00');
    expect(mail.content).toMatch(/^Content-Type: multipart\/alternative/m);
  });
});
