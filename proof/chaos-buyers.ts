import { newId } from '../src/domain/shared/ids.ts';
import { type ChaosClient, type ChaosOrder, chance, pick } from './chaos-client.ts';
import { type Call, textOf } from './http-client.ts';
import { mockWebhook, type ShownPayment } from './mock-events.ts';
import type { Buyer } from './world.ts';

const TOKENS = [
  'tok_success',
  'tok_success',
  'tok_success',
  'tok_authorize',
  'tok_declined',
  'tok_requires_action',
  'tok_timeout',
];

const ADDRESS = {
  recipient: 'Ana Lima',
  line1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  phone: '+493012345678',
};

async function fill(client: ChaosClient, owner: Pick<Call, 'authorization' | 'headers'>): Promise<void> {
  const lines = 1 + Math.floor(Math.random() * 3);
  for (let line = 0; line < lines; line++) {
    const body = { variantId: pick(client.target.variants), quantity: 1 + Math.floor(Math.random() * 3) };
    await client.insist('cart', { path: '/cart/items', ...owner, body });
  }
}

/**
 * Of an account.
 * @returns the order, unless it was refused
 */
export async function checkOut(client: ChaosClient, buyer: Buyer): Promise<ChaosOrder | undefined> {
  const { authorization } = buyer;
  await fill(client, { authorization });
  const body = await client.world.placement(buyer);
  const request = { path: '/orders', authorization, key: newId(), body };
  const placed = await client.insist('checkout', request);
  if (placed?.status !== 201) return undefined;
  const id = textOf(placed.body, 'id');
  const order = { id, path: `/orders/${id}`, buyer: { authorization } };
  client.keep(order);
  if (chance(0.6)) await pay(client, order);
  if (chance(0.2)) await again(client, 'checkout', request, placed.text);
  return order;
}

/** Without an account. */
export async function orderAsGuest(client: ChaosClient, buyer: Buyer): Promise<void> {
  const opened = await client.insist('guest cart', { path: '/carts', body: {} });
  if (opened?.status !== 201) return;
  const headers = { 'x-cart-token': textOf(opened.body, 'token') };
  await fill(client, { headers });
  const { shippingMethodId } = await client.world.placement(buyer);
  const body = { email: `guest-${newId()}@example.com`, address: ADDRESS, shippingMethodId };
  const request = { path: '/guest-orders', headers, key: newId(), body };
  const placed = await client.insist('guest checkout', request);
  if (placed?.status !== 201) return;
  const id = textOf(placed.body.order as Readonly<Record<string, unknown>>, 'id');
  const token = { 'x-order-token': textOf(placed.body, 'token') };
  const order = { id, path: `/guest-orders/${id}`, buyer: { headers: token } };
  client.keep(order);
  if (chance(0.8)) await pay(client, order);
  if (chance(0.2)) await again(client, 'guest checkout', request, placed.text);
}

async function again(client: ChaosClient, name: string, request: Call, first: string): Promise<void> {
  const answer = await client.insist(`${name} again`, request);
  if (answer && answer.text !== first)
    client.failures.push(`one key, two answers: ${first} and ${answer.text}`);
}

export async function pay(client: ChaosClient, order = client.order()): Promise<void> {
  if (order === undefined) return;
  const body = { token: pick(TOKENS) };
  const paid = await client.insist('pay', { path: `${order.path}/payments`, ...order.buyer, body });
  if (paid?.status !== 201) return;
  const payment: ShownPayment = { id: textOf(paid.body, 'id'), amount: paid.body.amount };
  if (paid.body.status === 'requires_action' && chance(0.6))
    await client.insist('complete', { path: `/payments/mock/${payment.id}/complete`, body: {} });
  if (paid.body.status === 'pending' && chance(0.8)) await sendWebhook(client, payment);
  if (paid.body.status === 'authorized' && chance(0.8)) {
    const step = chance(0.7) ? 'capture' : 'void';
    await client.maybeTwice(() => client.staff(step, `/payments/${payment.id}/${step}`));
  }
}

async function sendWebhook(client: ChaosClient, payment: ShownPayment): Promise<void> {
  const { secretKey } = client.world.database.config;
  const type = pick(['payment.captured', 'payment.captured', 'payment.authorized', 'payment.declined']) ?? '';
  const request = mockWebhook(secretKey, { id: `evt_${newId()}`, type, payment });
  await Promise.all([1, 2].map(() => client.insist('webhook', request)));
}

/** By its buyer, or by staff, who cancel anybody's under its id alone. */
export async function cancel(client: ChaosClient): Promise<void> {
  const order = client.order();
  if (order === undefined) return;
  const body = { reason: 'chaos' };
  if (chance(0.5)) await client.staff('cancel', `/orders/${order.id}/cancel`, body);
  else await client.insist('cancel', { path: `${order.path}/cancel`, ...order.buyer, body });
}

export async function cancelUnits(client: ChaosClient): Promise<void> {
  const order = client.order();
  const [line] = order === undefined ? [] : await client.lines(order.id);
  if (order === undefined || line === undefined) return;
  const body = { lines: [{ lineId: line.id, quantity: 1 }] };
  await client.insist('cancel units', { path: `${order.path}/cancel`, ...order.buyer, body });
}

/** One unit that was delivered is asked to be sent back. @returns the return, and whose order it is of */
export async function askToReturn(
  client: ChaosClient,
): Promise<{ readonly id: string; readonly lineId: string; readonly order: ChaosOrder } | undefined> {
  const delivered = await client.world.rows<{ order_id: string; order_line_id: string }>(
    `SELECT s.order_id, l.order_line_id FROM shipments s JOIN shipment_lines l ON l.shipment_id = s.id
     WHERE s.status = 'delivered' ORDER BY s.id DESC LIMIT 20`,
  );
  const unit = pick(delivered);
  const order = unit && client.find(unit.order_id);
  if (unit === undefined || order === undefined) return undefined;
  const { order_line_id: lineId } = unit;
  const lines = [{ lineId, quantity: 1, reason: 'chaos' }];
  const ask = { path: `${order.path}/returns`, ...order.buyer, body: { lines } };
  const asked = await client.maybeTwice(() => client.insist('return', ask));
  return asked?.status === 201 ? { id: textOf(asked.body, 'id'), lineId, order } : undefined;
}
