import type { AddressFields } from '../addresses/address.ts';
import { checkAddress } from '../addresses/check-address.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import type { Locale } from '../shared/locale.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import { checkPassword } from '../users/password-rules.ts';
import type { UsersReadModel } from '../users/users.read-model.ts';
import type { Database } from './tx.ts';

export interface NewCustomer {
  readonly id: string;
  /** Normalised. */
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly locale: Locale;
  readonly addressId: string;
  readonly address: AddressFields;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly users: UsersReadModel;
}

/** Makes customers with given ids, each with a default address, and leaves those whose e-mail is known. */
export class SeedCustomers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns how many were made */
  async run(customers: readonly NewCustomer[]): Promise<number> {
    let made = 0;
    for (const customer of customers) {
      const known = await this.#deps.users.findCredentialsByLogin({ email: customer.email });
      if (known !== undefined) continue;
      if (await this.#make(customer)) made += 1;
    }
    return made;
  }

  /** @returns false when another process made the customer since we looked */
  async #make({ password, addressId, address, ...customer }: NewCustomer): Promise<boolean> {
    const { db, clock, hasher } = this.#deps;
    checkPassword('password', password, customer);
    const fields = checkAddress(address);
    const passwordHash = await hasher.hash(password);
    const at = { createdAt: clock.now(), updatedAt: clock.now() };
    const inserted = db.transaction(async (tx) => {
      await tx.users.insert(
        { ...customer, ...at, username: null, role: 'customer', status: 'active', mustChangePassword: false },
        passwordHash,
      );
      await tx.addresses.insert({ ...fields, ...at, id: addressId, userId: customer.id, isDefault: true });
      return true;
    });
    return inserted.catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'already_exists') return false;
      throw error;
    });
  }
}
