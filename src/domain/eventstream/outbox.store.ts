import type { NewEvent, Topic } from '../shared/event.ts';
import type { Page, PageRequest } from '../shared/page.ts';

/** A committed event that waits for its turn to be published. */
export interface OutboxEntry extends NewEvent {
  readonly id: string;
  /** The request, job or event that caused it. */
  readonly correlationId: string | undefined;
  /** W3C trace context of that cause. */
  readonly traceparent: string | undefined;
  /** How many times the event log has refused it. */
  readonly attempts: number;
}

/** Who publishes a claimed entry, and until when nobody else may. */
export interface Lease {
  readonly owner: string;
  readonly until: Date;
}

export interface Claim {
  readonly entries: readonly OutboxEntry[];
  /** The aggregate whose turn was last; undefined when it was nobody's. */
  readonly last: string | undefined;
}

/** What becomes of a refused entry: another try at `availableAt`, or none without it (a dead letter). */
export interface Refusal {
  readonly id: string;
  readonly reason: string;
  readonly availableAt: Date | undefined;
}

/** The way out of a transaction: an event stored here is published if and only if its transaction commits. */
export interface OutboxStore {
  /** One INSERT for all of them. Wakes the relays of this process after the commit. */
  append(events: readonly NewEvent[]): Promise<void>;

  /**
   * Leases the oldest unpublished entry of each aggregate, at most `limit`, and where that leaves room the entries
   * that directly follow it: each aggregate's in order. An entry under another's running lease, one that waits for
   * its retry, and a dead one keep the later entries of their aggregate back.
   * @param after the `last` of the claim before, so that all aggregates take turns
   */
  claimHeads(lease: Lease, now: Date, limit: number, after?: string): Promise<Claim>;

  /** Only entries that `owner` still leases. */
  markSent(owner: string, ids: readonly string[], at: Date): Promise<void>;
  refuse(owner: string, refusals: readonly Refusal[]): Promise<void>;
  /** Gives back what `owner` still leases of them, with no attempt counted. */
  release(owner: string, ids: readonly string[]): Promise<void>;

  /** A dead entry, or a refused one that waits, is due at once with all its attempts. @returns false when it is neither */
  replay(id: string, at: Date): Promise<boolean>;
  /** The same kinds of entry are never published, and hold nothing back any more. */
  skip(id: string, at: Date): Promise<boolean>;
  /** At most `limit` dead entries, oldest first. */
  dead(limit: number): Promise<string[]>;
}

export const OUTBOX_STATUSES = ['pending', 'sent', 'dead', 'skipped'] as const;
export type OutboxStatus = (typeof OUTBOX_STATUSES)[number];

/** An entry as operators see it. */
export interface OutboxItem {
  readonly id: string;
  readonly type: string;
  readonly topic: Topic;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly sequence: number;
  readonly status: OutboxStatus;
  /** Refusals so far. */
  readonly attempts: number;
  readonly occurredAt: Date;
  /** When it is tried next; when it was skipped. */
  readonly availableAt: Date;
  readonly leaseUntil: Date | undefined;
  readonly sentAt: Date | undefined;
  readonly lastError: string | undefined;
}

export interface OutboxDetail extends OutboxItem {
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
  readonly payload: unknown;
  /** The older entry of its aggregate that keeps it back. */
  readonly blockedBy: string | undefined;
}

export interface OutboxFilter {
  readonly status?: OutboxStatus | undefined;
  readonly aggregateId?: string | undefined;
}

/** What `events verify` needs to know of an entry. */
export interface OutboxMark {
  readonly id: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly sequence: number;
  readonly topic: Topic;
  readonly status: OutboxStatus;
  readonly sentAt: Date | undefined;
}

export interface OutboxSummary {
  readonly pending: number;
  readonly dead: number;
  /** When the one happened that has been due for the longest: one that was refused counts from when it is due again. */
  readonly oldestPendingAt: Date | undefined;
}

export interface OutboxReadModel {
  /** Whether an entry could be claimed now. Cheap: asked by every relay several times a second. */
  hasDue(now: Date): Promise<boolean>;
  summary(): Promise<OutboxSummary>;
  /** Newest first. @throws DomainError invalid_cursor */
  list(filter: OutboxFilter, page: PageRequest): Promise<Page<OutboxItem>>;
  find(id: string): Promise<OutboxDetail | undefined>;
  /** At most `limit` entries of every status, by id, after `id`. */
  marksAfter(id: string, limit: number): Promise<OutboxMark[]>;
}
