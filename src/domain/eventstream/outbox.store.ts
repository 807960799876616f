import type { NewEvent } from '../shared/event.ts';

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
   * Leases the oldest unpublished entry of each aggregate, at most `limit`, oldest first. An entry under another's
   * running lease, one that waits for its retry, and a dead one keep the later entries of their aggregate back.
   */
  claimHeads(lease: Lease, now: Date, limit: number): Promise<OutboxEntry[]>;

  /** Only entries that `owner` still leases. */
  markSent(owner: string, ids: readonly string[], at: Date): Promise<void>;
  refuse(owner: string, refusals: readonly Refusal[]): Promise<void>;
  /** Gives back everything `owner` leases, with no attempt counted. */
  release(owner: string): Promise<void>;
}

export interface OutboxSummary {
  readonly pending: number;
  readonly dead: number;
  readonly oldestPendingAt: Date | undefined;
}

export interface OutboxReadModel {
  /** Whether an entry could be claimed now. Cheap: asked by every relay several times a second. */
  hasDue(now: Date): Promise<boolean>;
  summary(): Promise<OutboxSummary>;
}
