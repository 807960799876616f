import type { Address } from './address.ts';

/** Every statement names the owner: another's address is not found. The caller holds the user's row. */
export interface AddressStore {
  countOf(userId: string): Promise<number>;
  find(userId: string, id: string): Promise<Address | undefined>;
  insert(address: Address): Promise<void>;
  update(address: Address): Promise<void>;
  /** Takes the mark off whichever address has it. */
  clearDefault(userId: string): Promise<void>;
  setDefault(userId: string, id: string): Promise<void>;
  delete(userId: string, id: string): Promise<void>;
  findNewest(userId: string): Promise<Address | undefined>;
  deleteAllOf(userId: string): Promise<void>;
}
