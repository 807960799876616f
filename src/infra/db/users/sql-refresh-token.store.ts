import type { RefreshToken, RefreshTokenStore } from '../../../domain/users/refresh-token.store.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, toDate, toOptionalDate } from '../values.ts';

interface Row {
  id: string;
  user_id: string;
  family_id: string;
  token_hash: string;
  expires_at: RawDate;
  used_at: RawDate | null;
  revoked_at: RawDate | null;
  created_at: RawDate;
}

const COLUMNS = 'id, user_id, family_id, token_hash, expires_at, used_at, revoked_at, created_at';

export class SqlRefreshTokenStore implements RefreshTokenStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async insert(token: RefreshToken): Promise<void> {
    await this.#sql.run(`INSERT INTO refresh_tokens (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, [
      token.id,
      token.userId,
      token.familyId,
      token.tokenHash,
      token.expiresAt,
      token.usedAt,
      token.revokedAt,
      token.createdAt,
    ]);
  }

  async findByHash(tokenHash: string): Promise<RefreshToken | undefined> {
    const rows = await this.#sql.query<Row>(`SELECT ${COLUMNS} FROM refresh_tokens WHERE token_hash = ?`, [
      tokenHash,
    ]);
    return rows[0] && toToken(rows[0]);
  }

  async markUsed(id: string, at: Date): Promise<boolean> {
    const { affected } = await this.#sql.run(
      'UPDATE refresh_tokens SET used_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL',
      [at, id],
    );
    return affected === 1;
  }

  async revokeFamily(familyId: string, at: Date): Promise<void> {
    await this.#sql.run(
      'UPDATE refresh_tokens SET revoked_at = ? WHERE family_id = ? AND revoked_at IS NULL',
      [at, familyId],
    );
  }

  async revokeAllOf(userId: string, at: Date, exceptFamilyId = ''): Promise<void> {
    await this.#sql.run(
      'UPDATE refresh_tokens SET revoked_at = ? WHERE user_id = ? AND family_id <> ? AND revoked_at IS NULL',
      [at, userId, exceptFamilyId],
    );
  }

  async deleteExpiredOf(userId: string, before: Date): Promise<void> {
    await this.#sql.run('DELETE FROM refresh_tokens WHERE user_id = ? AND expires_at < ?', [userId, before]);
  }

  async deleteAllOf(userId: string): Promise<void> {
    await this.#sql.run('DELETE FROM refresh_tokens WHERE user_id = ?', [userId]);
  }
}

const toToken = (row: Row): RefreshToken => ({
  id: row.id,
  userId: row.user_id,
  familyId: row.family_id,
  tokenHash: row.token_hash,
  expiresAt: toDate(row.expires_at),
  usedAt: toOptionalDate(row.used_at) ?? null,
  revokedAt: toOptionalDate(row.revoked_at) ?? null,
  createdAt: toDate(row.created_at),
});
