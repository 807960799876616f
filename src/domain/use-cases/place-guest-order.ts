import type { AddressFields } from '../addresses/address.ts';
import { checkAddress } from '../addresses/check-address.ts';
import { orderToken } from '../orders/guest-order.ts';
import type { AddressSnapshot } from '../orders/order.ts';
import { hashToken } from '../shared/ids.ts';
import { type Once, Replay } from '../shared/once.ts';
import type { OrderDetail } from './order-detail.ts';
import type { Placement, PlaceOrder } from './place-order.ts';

export interface GuestPlacement extends Omit<Placement, 'addressId' | 'email'> {
  readonly cartToken: string;
  readonly email: string;
  readonly address: AddressFields;
}

export interface GuestOrder {
  /** Shown to whoever holds the cart's token: it opens the order. */
  readonly token: string;
  readonly detail: OrderDetail;
}

/** Orders a guest's cart, without an account. */
export class PlaceGuestOrder {
  readonly #place: PlaceOrder;

  constructor(place: PlaceOrder) {
    this.#place = place;
  }

  /** @throws DomainError as PlaceOrder, unknown_country or validation_failed for the address */
  async run({ cartToken, ...placement }: GuestPlacement, once?: Once<OrderDetail>): Promise<GuestOrder> {
    const address = snapshot(checkAddress(placement.address));
    const tokenOf = (orderId: string): string => orderToken(cartToken, orderId);
    const buyer = { type: 'guest', cartTokenHash: hashToken(cartToken), address, tokenOf } as const;
    try {
      const detail = await this.#place.run(buyer, placement, once);
      return { token: tokenOf(detail.order.id), detail };
    } catch (error) {
      throw error instanceof Replay ? withToken(error, tokenOf) : error;
    }
  }
}

/** What an order keeps of an address: all but what its owner calls it. */
const snapshot = (address: AddressFields): AddressSnapshot => ({
  recipient: address.recipient,
  organization: address.organization,
  line1: address.line1,
  line2: address.line2,
  line3: address.line3,
  district: address.district,
  city: address.city,
  region: address.region,
  postalCode: address.postalCode,
  country: address.country,
  phone: address.phone,
});

/** The stored reply holds the order and no token: its caller, who holds the cart's token, gets it made again. */
function withToken({ reply }: Replay, tokenOf: (orderId: string) => string): Replay {
  const body = reply.body as { readonly order: { readonly id: string } };
  return new Replay({ ...reply, body: { ...body, token: tokenOf(body.order.id) } });
}
