import type { Topic } from '../shared/event.ts';

/** A message on its way into the log. `key` decides the partition, and with it the order. */
export interface EventMessage {
  readonly id: string;
  readonly topic: Topic;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A message out of the log: anything at all may stand in it. */
export interface ReceivedMessage {
  readonly topic: Topic;
  readonly partition: number;
  /** The offset, decimal. */
  readonly position: string;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly Topic[];
  /**
   * Called for one message of a partition at a time, in order. The offset is committed after it resolves; a throw
   * leaves it, and the message comes again. `signal` aborts when the subscription stops.
   */
  readonly handle: (message: ReceivedMessage, signal: AbortSignal) => Promise<void>;
}

export interface Subscription {
  /** Lets the message in hand finish, and commits it. */
  stop(): Promise<void>;
}

/** A consumer group with the topics that it reads. */
export interface GroupTopics {
  readonly group: string;
  readonly topics: readonly Topic[];
}

/** How far a group is behind in one partition, in messages. */
export interface ConsumerLag {
  readonly group: string;
  readonly topic: Topic;
  readonly partition: number;
  /** What the group is done with. */
  readonly position: number;
  readonly end: number;
  readonly lag: number;
}

/** Why the log did not take a message, by message id. Every other message of the batch is stored. */
export type Refusals = ReadonlyMap<string, string>;

/** The ordered, replayable log of published facts: Kafka, or a table. */
export interface EventLog {
  readonly kind: 'kafka' | 'local';
  /**
   * Stores the batch, each key's messages in the order given.
   * @throws DomainError unavailable when the log cannot be reached, or gave no answer: some may be stored, so send again
   */
  publish(batch: readonly EventMessage[]): Promise<Refusals>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** @throws DomainError unavailable */
  lag(groups: readonly GroupTopics[]): Promise<ConsumerLag[]>;
  /** Creates the topics that are missing. */
  ensureTopics(): Promise<void>;
  /** @throws DomainError unavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}
