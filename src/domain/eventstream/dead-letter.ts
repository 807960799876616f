import type { Page, PageRequest } from '../shared/page.ts';
import type { ConsumerDeadLetter } from './inbox.store.ts';

export const DEAD_LETTER_STATUSES = ['dead', 'replayed', 'skipped'] as const;
export type DeadLetterStatus = (typeof DEAD_LETTER_STATUSES)[number];

/** A message that was buried, and what became of it. */
export interface DeadLetter extends ConsumerDeadLetter {
  readonly id: string;
  readonly status: DeadLetterStatus;
  readonly createdAt: Date;
}

export interface DeadLetterFilter {
  readonly group?: string | undefined;
  /** `order.paid.v1` */
  readonly type?: string | undefined;
  readonly status?: DeadLetterStatus | undefined;
}

export interface DeadLetterReadModel {
  /** The oldest first. */
  page(filter: DeadLetterFilter, request: PageRequest): Promise<Page<DeadLetter>>;
  find(id: string): Promise<DeadLetter | undefined>;
  /** Those that nobody has decided on yet, by group. */
  dead(): Promise<ReadonlyMap<string, number>>;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface DeadLetterStore {
  find(id: string): Promise<DeadLetter | undefined>;
  /** @returns false when somebody has decided on it before */
  settle(id: string, status: Exclude<DeadLetterStatus, 'dead'>): Promise<boolean>;
}
