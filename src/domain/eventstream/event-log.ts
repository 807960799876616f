import { TOPICS, type Topic } from '../shared/event.ts';

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

export interface BrowseOptions {
  readonly topics: readonly Topic[];
  /** Only what comes from now on, until `signal` aborts, instead of what is there. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** One message of a partition at a time, in order. */
  readonly handle: (message: ReceivedMessage) => void;
}

/** A problem of a topic: not that of its messages. */
export const CONFIG_HIDDEN =
  'its configuration may not be read, so that its messages count as kept for ever: allow DESCRIBE_CONFIGS on the topic';

/** Where a partition begins now. */
export interface Beginning {
  readonly topic: Topic;
  readonly partition: number;
  /** Older messages were deleted. */
  readonly trimmed: boolean;
}

/** How topics should be made. */
export interface TopicPlan {
  readonly partitions: number;
  /** Undefined: as the brokers are set up. */
  readonly replicas?: number | undefined;
  readonly retentionDays?: number | undefined;
  readonly minInSyncReplicas?: number | undefined;
}

export interface TopicState {
  /** As it is called in the log. */
  readonly topic: string;
  readonly created: boolean;
  readonly partitions: number;
  readonly replicas: number;
  /** Undefined: for ever, as far as is known. */
  readonly retentionDays: number | undefined;
  /** Undefined: this user may not see it. */
  readonly minInSyncReplicas: number | undefined;
  /** What is not as planned, each with what to do. */
  readonly problems: readonly string[];
}

/**
 * Why the log did not take a message, by message id. The later messages of its key in the batch are not stored
 * either, so that none overtakes it; every other message is.
 */
export type Refusals = ReadonlyMap<string, string>;

/** The batch without refused messages, and without what stands behind one of them under the same key. */
export function withoutRefused(batch: readonly EventMessage[], refusals: Refusals): EventMessage[] {
  const heldBack = new Set<string>();
  return batch.filter((message) => {
    const key = `${message.topic} ${message.key}`;
    if (refusals.has(message.id)) heldBack.add(key);
    return !heldBack.has(key);
  });
}

/**
 * The whole batch by topic, each topic's messages in the order given.
 * @throws Error for a topic that this version does not know: nothing may count as stored that went nowhere
 */
export function byTopic(batch: readonly EventMessage[]): Map<Topic, EventMessage[]> {
  const topics = new Map<Topic, EventMessage[]>();
  for (const message of batch) {
    const { id, topic } = message;
    if (!TOPICS.includes(topic))
      throw new Error(`event ${id} is for ${topic}, a topic that is not known here`);
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, [message]);
    else known.push(message);
  }
  return topics;
}

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
  /**
   * Reads without a group and leaves no trace. Resolves at the end that the log had when it began, or with `follow`
   * when `signal` aborts.
   * @throws DomainError unavailable
   */
  browse(options: BrowseOptions): Promise<void>;
  /** Of every partition, also of empty ones. @throws DomainError unavailable */
  beginnings(topics: readonly Topic[]): Promise<Beginning[]>;
  /** Creates the topics that are missing, as planned, and says how each topic is made. */
  ensureTopics(plan?: TopicPlan): Promise<TopicState[]>;
  /** @throws DomainError unavailable */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The log that events went to before the one in use. */
export interface FormerLog extends Pick<EventLog, 'kind' | 'subscribe' | 'browse' | 'beginnings' | 'close'> {
  /** How many messages it holds that the group has yet to handle. */
  unread(group: GroupTopics): Promise<number>;
  /** Whether there is one at the least. */
  holds(group: GroupTopics): Promise<boolean>;
}
