import type { IdentityStatus, ImporterIdentity, SealedIdentity } from './importer-identity.ts';

export interface IdentityStore {
  countOf(userId: string): Promise<number>;
  /** @throws DomainError already_exists when the user has submitted this number before */
  insert(identity: SealedIdentity): Promise<void>;
  find(userId: string, id: string): Promise<ImporterIdentity | undefined>;
  /** Whoever it belongs to: for staff. */
  findForStaff(id: string): Promise<ImporterIdentity | undefined>;
  /** @returns false when the status is no longer `from` */
  setStatus(id: string, from: IdentityStatus, to: IdentityStatus, at: Date): Promise<boolean>;
  /** Keeps it from being decided or deleted until the commit. @returns false when it is gone, or was rejected */
  hold(id: string): Promise<boolean>;
  /** Reads it and locks its row until the commit. */
  lock(userId: string, id: string): Promise<ImporterIdentity | undefined>;
  /** @returns false when the user has no such identity */
  delete(userId: string, id: string): Promise<boolean>;
  deleteAllOf(userId: string): Promise<void>;
}
