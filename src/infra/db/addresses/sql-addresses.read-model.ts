import type { Address } from '../../../domain/addresses/address.ts';
import type { AddressesReadModel } from '../../../domain/addresses/addresses.read-model.ts';
import type { Sql } from '../sql.ts';
import { selectAddresses } from './address-rows.ts';

export class SqlAddressesReadModel implements AddressesReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  listOf(userId: string): Promise<readonly Address[]> {
    return selectAddresses(this.#sql, userId, 'ORDER BY is_default DESC, created_at DESC, id DESC');
  }

  async find(userId: string, id: string): Promise<Address | undefined> {
    return (await selectAddresses(this.#sql, userId, 'AND id = ?', [id]))[0];
  }
}
