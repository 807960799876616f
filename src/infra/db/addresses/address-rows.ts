import type { Address } from '../../../domain/addresses/address.ts';
import type { Sql } from '../sql.ts';
import { type RawBoolean, type RawDate, type SqlParam, toBool, toDate } from '../values.ts';

interface AddressSqlRow {
  id: string;
  user_id: string;
  label: string | null;
  recipient: string;
  organization: string | null;
  line1: string;
  line2: string | null;
  line3: string | null;
  district: string | null;
  city: string | null;
  region: string | null;
  postal_code: string | null;
  country: string;
  phone: string;
  is_default: RawBoolean;
  created_at: RawDate;
  updated_at: RawDate;
}

/** What an owner can change, in the order of `changeable`. */
export const CHANGEABLE = [
  ...['label', 'recipient', 'organization', 'line1', 'line2', 'line3', 'district', 'city', 'region'],
  ...['postal_code', 'country', 'phone', 'is_default', 'updated_at'],
] as const;

export const ADDRESS_COLUMNS = ['id', 'user_id', 'created_at', ...CHANGEABLE].join(', ');

export const changeable = (a: Address): SqlParam[] => [
  ...[a.label, a.recipient, a.organization, a.line1, a.line2, a.line3, a.district, a.city, a.region],
  ...[a.postalCode, a.country, a.phone, a.isDefault, a.updatedAt],
];

const toAddress = (row: AddressSqlRow): Address => ({
  id: row.id,
  userId: row.user_id,
  label: row.label,
  recipient: row.recipient,
  organization: row.organization,
  line1: row.line1,
  line2: row.line2,
  line3: row.line3,
  district: row.district,
  city: row.city,
  region: row.region,
  postalCode: row.postal_code,
  country: row.country,
  phone: row.phone,
  isDefault: toBool(row.is_default),
  createdAt: toDate(row.created_at),
  updatedAt: toDate(row.updated_at),
});

/** The user's addresses under a further condition or order. */
export async function selectAddresses(
  sql: Sql,
  userId: string,
  rest: string,
  params: SqlParam[] = [],
): Promise<Address[]> {
  const rows = await sql.query<AddressSqlRow>(
    `SELECT ${ADDRESS_COLUMNS} FROM addresses WHERE user_id = ? ${rest}`,
    [userId, ...params],
  );
  return rows.map(toAddress);
}
