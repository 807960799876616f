import { DomainError, notFound } from '../../../domain/shared/errors.ts';
import type { ShippingStore } from '../../../domain/shipping/shipping.store.ts';
import type { ShippingMethod, ShippingZone } from '../../../domain/shipping/shipping.ts';
import { insertRows } from '../insert-rows.ts';
import { violatedKey, violatesReference } from '../unique-violation.ts';
import {
  METHOD_COLUMNS,
  METHOD_SELECT,
  type MethodRow,
  methodParams,
  ratesJson,
  toMethod,
} from './shipping-rows.ts';
import { readZones, SqlShippingReadModel } from './sql-shipping.read-model.ts';

export class SqlShippingStore extends SqlShippingReadModel implements ShippingStore {
  async zone(id: string): Promise<ShippingZone | undefined> {
    return (await readZones(this.sql, id))[0];
  }

  insertZone(zone: ShippingZone): Promise<void> {
    return unlessTaken(async () => {
      await this.sql.run('INSERT INTO shipping_zones (id, code, name, version) VALUES (?, ?, ?, ?)', [
        zone.id,
        zone.code,
        zone.name,
        zone.version,
      ]);
      await this.#insertCountries(zone);
    });
  }

  updateZone(zone: ShippingZone): Promise<ShippingZone> {
    return unlessTaken(async () => {
      const { affected } = await this.sql.run(
        'UPDATE shipping_zones SET code = ?, name = ?, version = version + 1 WHERE id = ? AND version = ?',
        [zone.code, zone.name, zone.id, zone.version],
      );
      if (affected !== 1) throw changed('zone');
      await this.sql.run('DELETE FROM shipping_zone_countries WHERE zone_id = ?', [zone.id]);
      await this.#insertCountries(zone);
      return { ...zone, version: zone.version + 1 };
    });
  }

  #insertCountries({ id, countries }: ShippingZone): Promise<void> {
    return insertRows(
      this.sql,
      'shipping_zone_countries',
      ['country', 'zone_id'],
      countries.map((country) => [country, id]),
    );
  }

  async deleteZone(id: string): Promise<void> {
    const used = await this.sql.query('SELECT 1 AS used FROM shipping_methods WHERE zone_id = ? LIMIT 1', [
      id,
    ]);
    if (used.length > 0)
      throw new DomainError('conflict', 'the zone still has methods: delete or move them first');
    await this.sql.run('DELETE FROM shipping_zone_countries WHERE zone_id = ?', [id]);
    await this.sql.run('DELETE FROM shipping_zones WHERE id = ?', [id]);
  }

  async method(id: string): Promise<ShippingMethod | undefined> {
    const [row] = await this.sql.query<MethodRow>(
      `SELECT ${METHOD_SELECT} FROM shipping_methods m WHERE m.id = ?`,
      [id],
    );
    return row && toMethod(row);
  }

  insertMethod(method: ShippingMethod, at: Date): Promise<void> {
    return unlessTaken(() =>
      insertRows(this.sql, 'shipping_methods', METHOD_COLUMNS, [methodParams(method, at)]),
    );
  }

  updateMethod(m: ShippingMethod, at: Date): Promise<ShippingMethod> {
    return unlessTaken(async () => {
      const { affected } = await this.sql.run(
        `UPDATE shipping_methods SET zone_id = ?, code = ?, name = ?, basis = ?, min_days = ?, max_days = ?,
           position = ?, active = ?, rates = ?, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
        [
          ...[m.zoneId, m.code, m.name, m.basis, m.minDays, m.maxDays],
          ...[m.position, m.active, ratesJson(m.rates), at, m.id, m.version],
        ],
      );
      if (affected !== 1) throw changed('method');
      return { ...m, version: m.version + 1 };
    });
  }

  async deleteMethod(id: string): Promise<void> {
    await this.sql.run('DELETE FROM shipping_methods WHERE id = ?', [id]);
  }
}

const changed = (what: string): DomainError =>
  new DomainError('version_conflict', `the shipping ${what} has been changed since: read it again`);

async function unlessTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (violatesReference(error)) throw notFound('shipping zone');
    const key = violatedKey(error);
    if (key === undefined) throw error;
    const path = key.includes('code') ? 'code' : 'countries';
    const message = path === 'code' ? 'this code is taken' : 'a country belongs to another zone';
    throw new DomainError('already_exists', message, { issues: [{ path, message }], cause: error });
  }
}
