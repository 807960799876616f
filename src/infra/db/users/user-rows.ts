import { ROLES } from '../../../domain/shared/actor.ts';
import { DEFAULT_LOCALE, isLocale } from '../../../domain/shared/locale.ts';
import { type Credentials, USER_STATUSES, type User } from '../../../domain/users/user.ts';
import { type RawBoolean, type RawDate, toBool, toDate } from '../values.ts';

export interface UserSqlRow {
  id: string;
  username: string | null;
  email: string | null;
  display_name: string;
  role: string;
  status: string;
  locale: string;
  must_change_password: RawBoolean;
  created_at: RawDate;
  updated_at: RawDate;
}

export interface CredentialsSqlRow extends UserSqlRow {
  password_hash: string | null;
}

export const USER_COLUMNS =
  'id, username, email, display_name, role, status, locale, must_change_password, created_at, updated_at';
export const CREDENTIALS_COLUMNS = `${USER_COLUMNS}, password_hash`;

function oneOf<T extends string>(values: readonly T[], value: string): T {
  const found = values.find((v) => v === value);
  if (found === undefined) throw new Error(`users holds the unknown value ${value}`);
  return found;
}

export const toUser = (row: UserSqlRow): User => ({
  id: row.id,
  username: row.username,
  email: row.email,
  displayName: row.display_name,
  role: oneOf(ROLES, row.role),
  status: oneOf(USER_STATUSES, row.status),
  locale: isLocale(row.locale) ? row.locale : DEFAULT_LOCALE,
  mustChangePassword: toBool(row.must_change_password),
  createdAt: toDate(row.created_at),
  updatedAt: toDate(row.updated_at),
});

export const toCredentials = (row: CredentialsSqlRow): Credentials => ({
  user: toUser(row),
  passwordHash: row.password_hash,
});
