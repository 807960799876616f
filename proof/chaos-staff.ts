import { newId } from '../src/domain/shared/ids.ts';
import { askToReturn } from './chaos-buyers.ts';
import { type ChaosClient, chance, pick } from './chaos-client.ts';
import { mockRefundWebhook } from './mock-events.ts';

/** All that is left, or one unit; mostly it arrives. */
export async function ship(client: ChaosClient): Promise<void> {
  const order = client.order();
  if (order === undefined) return;
  const [line] = await client.lines(order.id);
  const part = line !== undefined && chance(0.5) && { lines: [{ lineId: line.id, quantity: 1 }] };
  const body = { carrier: 'DHL', trackingNumber: newId(), ...part };
  const shipped = await client.staff('ship', `/orders/${order.id}/ship`, body);
  if (shipped?.status === 200 && chance(0.7)) await client.staff('deliver', `/orders/${order.id}/deliver`);
}

export async function step(client: ChaosClient, verb: 'deliver' | 'confirm'): Promise<void> {
  const order = client.order();
  if (order !== undefined) await client.staff(verb, `/orders/${order.id}/${verb}`);
}

/** A part of a capture, or all that is left. */
export async function refund(client: ChaosClient): Promise<void> {
  const order = client.order();
  if (order === undefined) return;
  const [capture] = await client.world.rows<{ payment_id: string; currency: string }>(
    'SELECT payment_id, currency FROM payment_captures WHERE order_id = ?',
    [order.id],
  );
  if (capture === undefined) return;
  const { payment_id: id, currency } = capture;
  const body = { note: 'chaos', ...(chance(0.8) && { amount: { amount: '100', currency } }) };
  await client.maybeTwice(() => client.staff('refund', `/payments/${id}/refunds`, body));
}

/** The provider says that a refund which was done has failed, twice; mostly staff make it again, or close it. */
export async function failRefund(client: ChaosClient): Promise<void> {
  const done = await client.world.rows<{ id: string }>(
    "SELECT id FROM refunds WHERE status = 'succeeded' ORDER BY id DESC LIMIT 10",
  );
  const id = pick(done)?.id;
  if (id === undefined) return;
  const { secretKey } = client.world.database.config;
  const failed = mockRefundWebhook(secretKey, { id: `evt_${newId()}`, type: 'refund.failed', refundId: id });
  await Promise.all([1, 2].map(() => client.insist('refund fails', failed)));
  if (chance(0.6)) await client.maybeTwice(() => client.staff('refund again', `/refunds/${id}/retry`));
  else if (chance(0.3)) await client.staff('close refund', `/refunds/${id}/close`, { note: 'chaos' });
}

/** A return from its request to its refund, or to wherever it ends before. */
export async function sendBack(client: ChaosClient): Promise<void> {
  const asked = await askToReturn(client);
  if (asked === undefined) return;
  const { id, lineId, order } = asked;
  if (chance(0.2)) {
    const path = order.path.startsWith('/guest-orders')
      ? `${order.path}/returns/${id}/withdraw`
      : `/returns/${id}/withdraw`;
    await client.insist('withdraw return', { path, ...order.buyer, body: {} });
    return;
  }
  const of = `/returns/${id}`;
  if (chance(0.1)) {
    await client.staff('reject return', `${of}/reject`, { reason: 'chaos' });
    return;
  }
  await client.staff('approve return', `${of}/approve`, {});
  const lines = [{ lineId, ...(chance(0.7) ? { restock: 1 } : { writeOff: 1 }) }];
  await client.maybeTwice(() => client.staff('receive return', `${of}/receive`, { lines }));
  if (chance(0.9)) await client.maybeTwice(() => client.staff('refund return', `${of}/refund`));
}

export async function adjust(client: ChaosClient): Promise<void> {
  const variantId = pick(client.target.variants) ?? '';
  const levels = await client.world.rows<{ warehouse_id: string }>(
    'SELECT warehouse_id FROM stock_levels WHERE variant_id = ?',
    [variantId],
  );
  const delta = pick([-3, -1, 1, 5, 10]);
  const body = { variantId, warehouseId: pick(levels)?.warehouse_id, delta, reason: 'chaos' };
  await client.staff('adjust', '/stock/adjustments', body);
}
