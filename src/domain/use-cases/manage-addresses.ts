import { type Address, type AddressFields, MAX_ADDRESSES } from '../addresses/address.ts';
import { checkAddress } from '../addresses/check-address.ts';
import type { UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import type { Database, Tx } from './tx.ts';
import { accountIsGone } from './verify-own-password.ts';

export type AddressChange = Partial<AddressFields> & { readonly isDefault?: boolean };

/**
 * A user's address book. Every change takes the user's row first, so that of two at once the second sees what the
 * first did: exactly one address is the default, whenever there is any.
 */
export class ManageAddresses {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(deps: { readonly db: Database; readonly clock: Clock }) {
    this.#db = deps.db;
    this.#clock = deps.clock;
  }

  /** @throws DomainError unknown_country or validation_failed; conflict when the book is full */
  async add(
    actor: UserActor,
    input: AddressFields,
    isDefault: boolean,
    once?: Once<Address>,
  ): Promise<Address> {
    const fields = checkAddress(input);
    return this.#db.transaction(async (tx) => {
      await this.#hold(tx, actor);
      const count = await tx.addresses.countOf(actor.userId);
      if (count >= MAX_ADDRESSES) {
        throw new DomainError(
          'conflict',
          `an address book holds ${MAX_ADDRESSES} addresses: delete one first`,
        );
      }
      const now = this.#clock.now();
      const becomesDefault = isDefault || count === 0;
      if (becomesDefault) await tx.addresses.clearDefault(actor.userId);
      const address: Address = {
        ...fields,
        id: newId(),
        userId: actor.userId,
        isDefault: becomesDefault,
        createdAt: now,
        updatedAt: now,
      };
      await tx.addresses.insert(address);
      return address;
    }, once);
  }

  /** Only what is given changes; the whole is checked again. @throws DomainError as `add`, and not_found */
  change(actor: UserActor, id: string, change: AddressChange): Promise<Address> {
    return this.#db.transaction(async (tx) => {
      await this.#hold(tx, actor);
      const before = await tx.addresses.find(actor.userId, id);
      if (before === undefined) throw notFound('address');
      if (before.isDefault && change.isDefault === false) {
        throw new DomainError('conflict', 'make another address the default instead');
      }
      const { isDefault = before.isDefault, ...fields } = change;
      if (isDefault && !before.isDefault) await tx.addresses.clearDefault(actor.userId);
      const after: Address = {
        ...before,
        ...checkAddress({ ...before, ...fields }),
        isDefault,
        updatedAt: this.#clock.now(),
      };
      await tx.addresses.update(after);
      return after;
    });
  }

  /** The newest of those left takes the place of a deleted default. @throws DomainError not_found */
  async remove(actor: UserActor, id: string): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await this.#hold(tx, actor);
      const address = await tx.addresses.find(actor.userId, id);
      if (address === undefined) throw notFound('address');
      await tx.addresses.delete(actor.userId, id);
      if (!address.isDefault) return;
      const heir = await tx.addresses.findNewest(actor.userId);
      if (heir !== undefined) await tx.addresses.setDefault(actor.userId, heir.id);
    });
  }

  async #hold(tx: Tx, actor: UserActor): Promise<void> {
    const owner = await tx.users.lock(actor.userId);
    if (owner?.user.status !== 'active') throw accountIsGone();
  }
}
