import type { AddressStore } from '../../../domain/addresses/address.store.ts';
import type { Address } from '../../../domain/addresses/address.ts';
import { placeholders, type Sql } from '../sql.ts';
import { type RawInteger, toInt } from '../values.ts';
import { ADDRESS_COLUMNS, CHANGEABLE, changeable, selectAddresses } from './address-rows.ts';

const ASSIGNMENTS = CHANGEABLE.map((column) => `${column} = ?`).join(', ');

export class SqlAddressStore implements AddressStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async countOf(userId: string): Promise<number> {
    const rows = await this.#sql.query<{ n: RawInteger }>(
      'SELECT COUNT(*) AS n FROM addresses WHERE user_id = ?',
      [userId],
    );
    return toInt(rows[0]?.n ?? 0);
  }

  async find(userId: string, id: string): Promise<Address | undefined> {
    return (await selectAddresses(this.#sql, userId, 'AND id = ?', [id]))[0];
  }

  async insert(address: Address): Promise<void> {
    const values = [address.id, address.userId, address.createdAt, ...changeable(address)];
    await this.#sql.run(
      `INSERT INTO addresses (${ADDRESS_COLUMNS}) VALUES ${placeholders(1, values.length)}`,
      values,
    );
  }

  async update(address: Address): Promise<void> {
    await this.#sql.run(`UPDATE addresses SET ${ASSIGNMENTS} WHERE user_id = ? AND id = ?`, [
      ...changeable(address),
      address.userId,
      address.id,
    ]);
  }

  async clearDefault(userId: string): Promise<void> {
    await this.#sql.run('UPDATE addresses SET is_default = ? WHERE user_id = ? AND is_default = ?', [
      false,
      userId,
      true,
    ]);
  }

  async setDefault(userId: string, id: string): Promise<void> {
    await this.#sql.run('UPDATE addresses SET is_default = ? WHERE user_id = ? AND id = ?', [
      true,
      userId,
      id,
    ]);
  }

  async delete(userId: string, id: string): Promise<void> {
    await this.#sql.run('DELETE FROM addresses WHERE user_id = ? AND id = ?', [userId, id]);
  }

  async findNewest(userId: string): Promise<Address | undefined> {
    return (await selectAddresses(this.#sql, userId, 'ORDER BY created_at DESC, id DESC LIMIT 1'))[0];
  }

  async deleteAllOf(userId: string): Promise<void> {
    await this.#sql.run('DELETE FROM addresses WHERE user_id = ?', [userId]);
  }
}
