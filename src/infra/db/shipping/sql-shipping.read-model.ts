import type { ShippingChoice, ShippingReadModel } from '../../../domain/shipping/shipping.store.ts';
import { ELSEWHERE, type ShippingMethod, type ShippingZone } from '../../../domain/shipping/shipping.ts';
import type { Sql } from '../sql.ts';
import { type RawInteger, toInt } from '../values.ts';
import { METHOD_SELECT, type MethodRow, toMethod } from './shipping-rows.ts';

interface ZoneRow {
  id: string;
  code: string;
  name: string;
  version: number;
  country: string | null;
}

export async function readZones(sql: Sql, id?: string): Promise<ShippingZone[]> {
  const rows = await sql.query<ZoneRow>(
    `SELECT z.id, z.code, z.name, z.version, c.country FROM shipping_zones z
     LEFT JOIN shipping_zone_countries c ON c.zone_id = z.id ${id === undefined ? '' : 'WHERE z.id = ?'}
     ORDER BY z.code, c.country`,
    id === undefined ? [] : [id],
  );
  const zones = new Map<string, ShippingZone>();
  for (const { country, ...row } of rows) {
    const countries = zones.get(row.id)?.countries ?? [];
    zones.set(row.id, { ...row, countries: country === null ? countries : [...countries, country] });
  }
  return [...zones.values()];
}

export class SqlShippingReadModel implements ShippingReadModel {
  protected readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** All active methods, each with whether it serves the country: a shop has few, and they answer both questions. */
  async choice(country: string): Promise<ShippingChoice> {
    const rows = await this.sql.query<MethodRow & { serves: RawInteger }>(
      `SELECT ${METHOD_SELECT}, CASE WHEN m.zone_id = COALESCE(
         (SELECT c.zone_id FROM shipping_zone_countries c WHERE c.country = ?),
         (SELECT e.zone_id FROM shipping_zone_countries e WHERE e.country = ?)) THEN 1 ELSE 0 END AS serves
       FROM shipping_methods m WHERE m.active = ? ORDER BY m.position, m.code`,
      [country, ELSEWHERE, true],
    );
    return {
      required: rows.length > 0,
      methods: rows.filter((row) => toInt(row.serves) === 1).map(toMethod),
    };
  }

  zones(): Promise<ShippingZone[]> {
    return readZones(this.sql);
  }

  async methods(): Promise<ShippingMethod[]> {
    const rows = await this.sql.query<MethodRow>(
      `SELECT ${METHOD_SELECT} FROM shipping_methods m ORDER BY m.position, m.code`,
    );
    return rows.map(toMethod);
  }
}
