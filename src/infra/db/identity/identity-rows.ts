import {
  IDENTITY_COUNTRIES,
  IDENTITY_KINDS,
  IDENTITY_STATUSES,
  type ImporterIdentity,
} from '../../../domain/identity/importer-identity.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, type SqlParam, toDate } from '../values.ts';

interface IdentitySqlRow {
  id: string;
  user_id: string;
  country: string;
  kind: string;
  full_name: string;
  number_masked: string;
  status: string;
  created_at: RawDate;
  updated_at: RawDate;
}

function oneOf<T extends string>(values: readonly T[], value: string): T {
  const found = values.find((v) => v === value);
  if (found === undefined) throw new Error(`importer_identities holds the unknown value ${value}`);
  return found;
}

const toIdentity = (row: IdentitySqlRow): ImporterIdentity => ({
  id: row.id,
  userId: row.user_id,
  country: oneOf(IDENTITY_COUNTRIES, row.country),
  kind: oneOf(IDENTITY_KINDS, row.kind),
  fullName: row.full_name,
  numberMasked: row.number_masked,
  status: oneOf(IDENTITY_STATUSES, row.status),
  createdAt: toDate(row.created_at),
  updatedAt: toDate(row.updated_at),
});

/** Reads what may be shown; the sealed number stays in the database. */
export async function selectIdentities(
  sql: Sql,
  rest: string,
  params: SqlParam[],
): Promise<ImporterIdentity[]> {
  const rows = await sql.query<IdentitySqlRow>(
    `SELECT id, user_id, country, kind, full_name, number_masked, status, created_at, updated_at FROM importer_identities ${rest}`,
    params,
  );
  return rows.map(toIdentity);
}
