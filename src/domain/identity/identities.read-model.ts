import type { Page, PageRequest } from '../shared/page.ts';
import type { IdentityStatus, ImporterIdentity } from './importer-identity.ts';

export interface IdentitiesReadModel {
  /** Newest first. At most MAX_IDENTITIES. */
  listOf(userId: string): Promise<readonly ImporterIdentity[]>;
  find(userId: string, id: string): Promise<ImporterIdentity | undefined>;
  /** Everyone's, for staff: oldest first, so that nobody waits behind newcomers. */
  listForStaff(status: IdentityStatus, page: PageRequest): Promise<Page<ImporterIdentity>>;
}
