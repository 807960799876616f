import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../src/domain/shared/ids.ts';
import { type Answer, call, textOf } from './http-client.ts';
import type { MailBox } from './mail-box.ts';
import { mockWebhook, type ShownPayment } from './mock-events.ts';
import { type Proof, Tally, Verdict } from './verdict.ts';
import type { Buyer, World } from './world.ts';

const COPIES = 50;
const MAIL_LIMIT = 60_000;
const EVENTS = ['order.authorized.v1', 'order.paid.v1', 'payment.captured.v1'];

/** The same two webhooks of a payment, authorized and captured, 50 times each, at once and in any order. */
export async function proveWebhooks(world: World, mails: MailBox, rounds: number): Promise<Proof> {
  const verdict = new Verdict();
  const outcomes = new Tally();
  const buyers = await world.buyers(rounds);
  const [variantId = ''] = await world.variants(1);
  await world.stock(variantId, 2 * rounds);
  await world.fillCarts(buyers, variantId);
  const servers = await world.start('serve', 'serve', 'worker', 'outbox-dispatch');
  const urls = servers.slice(0, 2).map((server) => server.url);
  let copies = 0;
  for (const [round, buyer] of buyers.entries()) {
    const when = `round ${round + 1}`;
    const { orderId, payment } = await pendingPayment(world, urls[0] ?? '', buyer);
    const answers = await deliver(world, urls, payment);
    for (const { outcome } of answers) outcomes.add(outcome);
    const first = answers.filter((a) => a.body.duplicate === false).length;
    verdict.equal(`${when}: answers`, [...new Set(answers.map((a) => a.outcome))], ['200']);
    verdict.equal(`${when}: webhooks that were new`, first, 2);
    await examine(world, verdict, { when, orderId });
    copies += await examineMails(world, mails, { verdict, when, buyer, orderId });
  }
  await world.stop('SIGTERM');
  const promises = await world.askDoctor(verdict);
  world.checkLogs(verdict);
  const figures = {
    rounds,
    processes: urls.length,
    copies: COPIES,
    answers: outcomes.all,
    copiesOfMails: copies,
    promises,
  };
  return { figures, failures: verdict.failures };
}

async function pendingPayment(world: World, url: string, buyer: Buyer) {
  const { authorization } = buyer;
  const body = await world.placement(buyer);
  const order = await call(url, { path: '/orders', authorization, key: newId(), body });
  const orderId = textOf(order.body, 'id');
  const paid = await call(url, {
    path: `/orders/${orderId}/payments`,
    authorization,
    key: newId(),
    body: { token: 'tok_timeout' },
  });
  const payment: ShownPayment = { id: textOf(paid.body, 'id'), amount: paid.body.amount };
  return { orderId, payment };
}

function deliver(world: World, urls: readonly string[], payment: ShownPayment): Promise<Answer[]> {
  const { secretKey } = world.database.config;
  const captured = mockWebhook(secretKey, { id: `evt_${newId()}`, type: 'payment.captured', payment });
  const authorized = mockWebhook(secretKey, { id: `evt_${newId()}`, type: 'payment.authorized', payment });
  const all = Array.from({ length: COPIES }, () => [captured, authorized]).flat();
  const shuffled = all.map((one) => ({ one, at: Math.random() })).sort((a, b) => a.at - b.at);
  return Promise.all(shuffled.map(({ one }, i) => call(urls[i % urls.length] ?? '', one)));
}

async function examine(
  world: World,
  verdict: Verdict,
  { when, orderId }: { when: string; orderId: string },
): Promise<void> {
  const captures = "SELECT COUNT(*) AS n FROM payments WHERE status = 'captured' AND order_id = ?";
  verdict.equal(`${when}: captures`, await world.count(captures, [orderId]), 1);
  const events = 'SELECT COUNT(*) AS n FROM outbox WHERE aggregate_id = ? AND type = ?';
  for (const type of EVENTS)
    verdict.equal(`${when}: events ${type}`, await world.count(events, [orderId, type]), 1);
  const paid = "SELECT COUNT(*) AS n FROM orders WHERE id = ? AND status = 'paid'";
  verdict.equal(`${when}: paid orders`, await world.count(paid, [orderId]), 1);
}

/** The mail server doubts each first copy, and here the relay forgets that it sent: the mail must come as one. */
async function examineMails(
  world: World,
  mails: MailBox,
  of: { verdict: Verdict; when: string; buyer: Buyer; orderId: string },
): Promise<number> {
  const { verdict, when, buyer, orderId } = of;
  const mine = () =>
    mails.received.filter(
      ({ to, messageId }) => to === `${buyer.userId}@example.com` && messageId.startsWith('<order-paid.'),
    );
  await until(() => mine().length >= 2);
  await world.app.connections.write((sql) =>
    sql.run("UPDATE outbox SET status = 'pending', sent_at = NULL WHERE aggregate_id = ?", [orderId]),
  );
  const pending = "SELECT COUNT(*) AS n FROM outbox WHERE aggregate_id = ? AND status = 'pending'";
  await until(async () => (await world.count(pending, [orderId])) === 0);
  verdict.holds(`${when}: the mail about the payment came at least twice`, mine().length >= 2);
  verdict.equal(
    `${when}: Message-IDs of the mails about the payment`,
    new Set(mine().map((m) => m.messageId)).size,
    1,
  );
  return mine().length;
}

/** Waits for it, and leaves it to the caller to see whether it came. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + MAIL_LIMIT;
  while (!(await condition()) && Date.now() < deadline) await delay(50);
}
