import type { Role } from '../../../domain/shared/actor.ts';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { Credentials, User } from '../../../domain/users/user.ts';
import type { Login, UserFilter, UsersReadModel } from '../../../domain/users/users.read-model.ts';
import type { Sql } from '../sql.ts';
import type { SqlParam } from '../values.ts';
import {
  CREDENTIALS_COLUMNS,
  type CredentialsSqlRow,
  toCredentials,
  toUser,
  USER_COLUMNS,
  type UserSqlRow,
} from './user-rows.ts';

const SORT = 'users-newest';

export class SqlUsersReadModel implements UsersReadModel {
  readonly #sql: Sql;

  constructor(read: Sql) {
    this.#sql = read;
  }

  async find(id: string): Promise<User | undefined> {
    const rows = await this.#sql.query<UserSqlRow>(
      `SELECT ${USER_COLUMNS} FROM users WHERE id = ? AND status <> 'deleted'`,
      [id],
    );
    return rows[0] && toUser(rows[0]);
  }

  findCredentials(id: string): Promise<Credentials | undefined> {
    return this.#credentials("id = ? AND status = 'active'", id);
  }

  findCredentialsByLogin(login: Login): Promise<Credentials | undefined> {
    return 'email' in login
      ? this.#credentials('email = ?', login.email)
      : this.#credentials('username = ?', login.username);
  }

  async findLiveSession(userId: string, sessionId: string): Promise<{ readonly role: Role } | undefined> {
    const rows = await this.#sql.query<UserSqlRow>(
      `SELECT ${USER_COLUMNS} FROM users WHERE id = ? AND status = 'active' AND EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.family_id = ? AND t.user_id = users.id AND t.revoked_at IS NULL)`,
      [userId, sessionId],
    );
    return rows[0] && toUser(rows[0]);
  }

  async list(filter: UserFilter, page: PageRequest): Promise<Page<User>> {
    const where: string[] = [];
    const params: SqlParam[] = [];
    for (const column of ['email', 'role', 'status'] as const) {
      const value = filter[column];
      if (value === undefined) continue;
      where.push(`${column} = ?`);
      params.push(value);
    }
    if (page.cursor !== undefined) {
      const [at, id] = decodeCursor(page.cursor, SORT, 2);
      const date = new Date(Number(at));
      where.push('created_at <= ? AND (created_at < ? OR id < ?)');
      params.push(date, date, id);
    }
    const condition = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
    const rows = await this.#sql.query<UserSqlRow>(
      `SELECT ${USER_COLUMNS} FROM users${condition} ORDER BY created_at DESC, id DESC LIMIT ${page.limit + 1}`,
      params,
    );
    return toPage(rows.map(toUser), page.limit, (user) =>
      encodeCursor(SORT, [user.createdAt.getTime(), user.id]),
    );
  }

  async hasDefaultSuperuser(): Promise<boolean> {
    const rows = await this.#sql.query(
      "SELECT id FROM users WHERE role = 'admin' AND must_change_password = ? AND status = 'active' LIMIT 1",
      [true],
    );
    return rows.length > 0;
  }

  async #credentials(condition: string, value: string): Promise<Credentials | undefined> {
    const rows = await this.#sql.query<CredentialsSqlRow>(
      `SELECT ${CREDENTIALS_COLUMNS} FROM users WHERE ${condition}`,
      [value],
    );
    return rows[0] && toCredentials(rows[0]);
  }
}
