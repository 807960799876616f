import type { Page, PageRequest } from '../shared/page.ts';

/** Who did what to what: written in the transaction that does it. */
export interface AuditEntry {
  readonly at: Date;
  /** `actorLabel()` of who did it. */
  readonly actor: string;
  /** `product.withdraw` */
  readonly action: string;
  /** `product:<id>` */
  readonly subject: string;
  /** Facts worth keeping; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface AuditStore {
  append(entry: AuditEntry): Promise<void>;
}

/** An entry that was read back. */
export interface AuditRecord extends AuditEntry {
  readonly id: string;
}

export interface AuditReadModel {
  /** Newest first. @throws DomainError invalid_cursor */
  page(request: PageRequest): Promise<Page<AuditRecord>>;
}
