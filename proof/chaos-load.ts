import { cancel, cancelUnits, checkOut, orderAsGuest, pay } from './chaos-buyers.ts';
import { type ChaosClient, pick } from './chaos-client.ts';
import { adjust, failRefund, refund, sendBack, ship, step } from './chaos-staff.ts';
import type { Buyer } from './world.ts';

/** A promotion that not everybody gets: who cancels, or does not pay, gives his share back. */
export async function offer(client: ChaosClient): Promise<void> {
  const limits = { totalLimit: 15, perCustomerLimit: 2 };
  const body = { name: 'Chaos', kind: 'percentage', basisPoints: 1000, ...limits };
  await client.staff('promotion', '/promotions', body);
}

/** Some orders have arrived before the load begins, so that there is something to send back from the start. */
export async function deliverSome(client: ChaosClient, buyers: readonly Buyer[]): Promise<void> {
  for (const buyer of buyers) {
    const order = await checkOut(client, buyer);
    if (order === undefined) continue;
    const body = { token: 'tok_success' };
    await client.insist('pay', { path: `${order.path}/payments`, ...order.buyer, body });
    const dispatch = { carrier: 'DHL', trackingNumber: order.id };
    await client.staff('ship', `/orders/${order.id}/ship`, dispatch);
    await client.staff('deliver', `/orders/${order.id}/deliver`);
  }
}

/** One client that does at random what buyers, guests, staff and the provider do, and comes again when a connection breaks. */
export async function act(client: ChaosClient, buyer: Buyer, until: number): Promise<void> {
  const actions = [
    () => checkOut(client, buyer),
    () => checkOut(client, buyer),
    () => orderAsGuest(client, buyer),
    () => pay(client),
    () => pay(client),
    () => cancel(client),
    () => cancelUnits(client),
    () => ship(client),
    () => ship(client),
    () => ship(client),
    () => step(client, 'deliver'),
    () => step(client, 'confirm'),
    () => sendBack(client),
    () => sendBack(client),
    () => refund(client),
    () => failRefund(client),
    () => adjust(client),
  ];
  while (Date.now() < until) await pick(actions)?.();
}
