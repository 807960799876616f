import type { IdentityStore } from '../../../domain/identity/identity.store.ts';
import type {
  IdentityStatus,
  ImporterIdentity,
  SealedIdentity,
} from '../../../domain/identity/importer-identity.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { forUpdate, type Sql } from '../sql.ts';
import { violatedKey } from '../unique-violation.ts';
import { type RawInteger, toInt } from '../values.ts';
import { selectIdentities } from './identity-rows.ts';

export class SqlIdentityStore implements IdentityStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async countOf(userId: string): Promise<number> {
    const rows = await this.#sql.query<{ n: RawInteger }>(
      'SELECT COUNT(*) AS n FROM importer_identities WHERE user_id = ?',
      [userId],
    );
    return toInt(rows[0]?.n ?? 0);
  }

  async insert(identity: SealedIdentity): Promise<void> {
    try {
      await this.#sql.run(
        'INSERT INTO importer_identities (id, user_id, country, kind, full_name, number_encrypted, number_masked, number_fingerprint, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [
          identity.id,
          identity.userId,
          identity.country,
          identity.kind,
          identity.fullName,
          identity.numberEncrypted,
          identity.numberMasked,
          identity.numberFingerprint,
          identity.status,
          identity.createdAt,
          identity.updatedAt,
        ],
      );
    } catch (error) {
      if (violatedKey(error) === undefined) throw error;
      throw new DomainError('already_exists', 'you have submitted this number before', {
        issues: [{ path: 'number', message: 'was submitted before', code: 'already_exists' }],
      });
    }
  }

  async find(userId: string, id: string): Promise<ImporterIdentity | undefined> {
    return (await selectIdentities(this.#sql, 'WHERE user_id = ? AND id = ?', [userId, id]))[0];
  }

  async findForStaff(id: string): Promise<ImporterIdentity | undefined> {
    return (await selectIdentities(this.#sql, 'WHERE id = ?', [id]))[0];
  }

  async setStatus(id: string, from: IdentityStatus, to: IdentityStatus, at: Date): Promise<boolean> {
    const { affected } = await this.#sql.run(
      'UPDATE importer_identities SET status = ?, updated_at = ? WHERE id = ? AND status = ?',
      [to, at, id, from],
    );
    return affected === 1;
  }

  async hold(id: string): Promise<boolean> {
    const rows = await this.#sql.query(
      `SELECT id FROM importer_identities WHERE id = ? AND status <> 'rejected'${forUpdate(this.#sql)}`,
      [id],
    );
    return rows.length > 0;
  }

  async lock(userId: string, id: string): Promise<ImporterIdentity | undefined> {
    const where = `WHERE user_id = ? AND id = ?${forUpdate(this.#sql)}`;
    return (await selectIdentities(this.#sql, where, [userId, id]))[0];
  }

  async delete(userId: string, id: string): Promise<boolean> {
    const { affected } = await this.#sql.run('DELETE FROM importer_identities WHERE user_id = ? AND id = ?', [
      userId,
      id,
    ]);
    return affected === 1;
  }

  async deleteAllOf(userId: string): Promise<void> {
    await this.#sql.run('DELETE FROM importer_identities WHERE user_id = ?', [userId]);
  }
}
