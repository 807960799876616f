import type { Address } from './address.ts';

export interface AddressesReadModel {
  /** The default first, then the newest. At most MAX_ADDRESSES. */
  listOf(userId: string): Promise<readonly Address[]>;
  find(userId: string, id: string): Promise<Address | undefined>;
}
