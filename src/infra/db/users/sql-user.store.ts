import { DomainError } from '../../../domain/shared/errors.ts';
import type { AccessChange, ProfileChange, UserStore } from '../../../domain/users/user.store.ts';
import { type Credentials, DELETED_NAME, type User } from '../../../domain/users/user.ts';
import { forUpdate, type Sql } from '../sql.ts';
import { violatedKey } from '../unique-violation.ts';
import type { SqlParam } from '../values.ts';
import { CREDENTIALS_COLUMNS, type CredentialsSqlRow, toCredentials } from './user-rows.ts';

export class SqlUserStore implements UserStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async insert(user: User, passwordHash: string): Promise<void> {
    try {
      await this.#sql.run(
        `INSERT INTO users (${CREDENTIALS_COLUMNS}, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
        [
          user.id,
          user.username,
          user.email,
          user.displayName,
          user.role,
          user.status,
          user.locale,
          user.mustChangePassword,
          user.createdAt,
          user.updatedAt,
          passwordHash,
        ],
      );
    } catch (error) {
      const key = violatedKey(error);
      if (key === undefined) throw error;
      const path = key.includes('username') ? 'username' : 'email';
      throw new DomainError('already_exists', `there is an account with this ${path}`, {
        issues: [{ path, message: 'is taken', code: 'already_exists' }],
      });
    }
  }

  async lock(id: string): Promise<Credentials | undefined> {
    const rows = await this.#sql.query<CredentialsSqlRow>(
      `SELECT ${CREDENTIALS_COLUMNS} FROM users WHERE id = ?${forUpdate(this.#sql)}`,
      [id],
    );
    return rows[0] && toCredentials(rows[0]);
  }

  async lockActiveAdmins(): Promise<readonly string[]> {
    const rows = await this.#sql.query<{ id: string }>(
      `SELECT id FROM users WHERE role = 'admin' AND status = 'active' ORDER BY id${forUpdate(this.#sql)}`,
    );
    return rows.map((row) => row.id);
  }

  async updateProfile(id: string, change: ProfileChange, at: Date): Promise<void> {
    await this.#set(id, at, { display_name: change.displayName, locale: change.locale });
  }

  async updateAccess(id: string, change: AccessChange, at: Date): Promise<void> {
    await this.#set(id, at, { role: change.role, status: change.status });
  }

  async setPassword(id: string, passwordHash: string, at: Date): Promise<void> {
    await this.#set(id, at, { password_hash: passwordHash, must_change_password: false });
  }

  async anonymise(id: string, at: Date): Promise<void> {
    await this.#set(id, at, {
      username: null,
      email: null,
      password_hash: null,
      display_name: DELETED_NAME,
      role: 'customer',
      status: 'deleted',
      must_change_password: false,
    });
  }

  /** Leaves out what is undefined. */
  async #set(id: string, at: Date, values: Readonly<Record<string, SqlParam>>): Promise<void> {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const assignments = given.map(([column]) => `${column} = ?, `).join('');
    await this.#sql.run(`UPDATE users SET ${assignments}updated_at = ?, version = version + 1 WHERE id = ?`, [
      ...given.map(([, value]) => value),
      at,
      id,
    ]);
  }
}
