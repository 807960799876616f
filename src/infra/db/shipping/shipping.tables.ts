import { EntitySchema } from 'typeorm';
import { bool, datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';

interface ShippingZoneRow {
  id: string;
  code: string;
  name: string;
  version: number;
}

const shippingZoneTable = new EntitySchema<ShippingZoneRow>({
  name: 'ShippingZone',
  tableName: 'shipping_zones',
  columns: { id: primaryId(), code: text(40), name: text(120), version: int() },
  indices: [{ name: 'uq_shipping_zones_code', columns: ['code'], unique: true }],
});

const ofZone = (name: string, onDelete: 'CASCADE' | 'NO ACTION') => ({
  name,
  target: 'ShippingZone',
  columnNames: ['zoneId'],
  referencedColumnNames: ['id'],
  onDelete,
  onUpdate: 'NO ACTION' as const,
});

interface ShippingZoneCountryRow {
  country: string;
  zoneId: string;
}

const shippingZoneCountryTable = new EntitySchema<ShippingZoneCountryRow>({
  name: 'ShippingZoneCountry',
  tableName: 'shipping_zone_countries',
  columns: { country: text(2, { primary: true }), zoneId: id() },
  indices: [{ name: 'idx_shipping_zone_countries_zone', columns: ['zoneId'] }],
  foreignKeys: [ofZone('fk_shipping_zone_countries_zone', 'CASCADE')],
});

interface ShippingMethodRow {
  id: string;
  zoneId: string;
  code: string;
  name: string;
  basis: string;
  minDays: number | null;
  maxDays: number | null;
  position: number;
  active: boolean;
  rates: unknown;
  updatedAt: Date;
  version: number;
}

const shippingMethodTable = new EntitySchema<ShippingMethodRow>({
  name: 'ShippingMethod',
  tableName: 'shipping_methods',
  columns: {
    id: primaryId(),
    zoneId: id(),
    code: text(40),
    name: text(120),
    basis: text(10),
    minDays: int(nullable),
    maxDays: int(nullable),
    position: int(),
    active: bool(),
    rates: json(),
    updatedAt: datetime(),
    version: int(),
  },
  indices: [
    { name: 'uq_shipping_methods_code', columns: ['code'], unique: true },
    { name: 'idx_shipping_methods_zone', columns: ['zoneId'] },
  ],
  foreignKeys: [ofZone('fk_shipping_methods_zone', 'NO ACTION')],
});

export const shippingTables = [shippingZoneTable, shippingZoneCountryTable, shippingMethodTable] as const;
