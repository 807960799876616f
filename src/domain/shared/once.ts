/** What was answered the first time, and is answered again to the same key. */
export interface StoredReply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * An Idempotency-Key of an unsafe request, bound to its caller, its operation and its body. Given to
 * `Database.transaction`, it is claimed first thing in that transaction and completed last, so that the stored
 * reply exists exactly when the effect does.
 */
export interface Once<T> {
  /** Who and what: `user:<id>:POST /orders`. The same key of another caller is another key. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 of the canonical request body, hex. */
  readonly fingerprint: string;
  /** The reply that is stored with the effect. */
  readonly render: (result: T) => StoredReply;
}

/** Thrown out of a transaction whose key has been used before: not an error, the first answer comes again. */
export class Replay extends Error {
  override readonly name = 'Replay';
  readonly reply: StoredReply;
  constructor(reply: StoredReply) {
    super('replayed');
    this.reply = reply;
  }
}
