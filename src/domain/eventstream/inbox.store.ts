/** A message that a consumer could not take, kept with the reason while its partition moves on. */
export interface ConsumerDeadLetter {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  /** Unknown when the message could not be read that far. */
  readonly eventId: string | undefined;
  readonly eventType: string | undefined;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
  readonly cause: string;
}

/** Which event of which aggregate: numbers of an aggregate grow by one. */
export interface AggregatePosition {
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly sequence: number;
}

/** What a group knows of an event that it is past: forgotten when it may have been handled too long ago to tell. */
export type Recollection = 'settled' | 'unknown' | 'forgotten';

export interface InboxStore {
  /**
   * Moves the group past this event of the aggregate, in the transaction of the effect.
   * @returns false when it is past it already: the log repeats an old event
   */
  advance(group: string, to: AggregatePosition): Promise<boolean>;
  /** Once true, and false ever after, for each group and event: in the transaction of the effect. */
  claim(group: string, eventId: string): Promise<boolean>;
  /** Whether the group has handled or buried an event. */
  recall(group: string, event: { readonly id: string; readonly occurredAt: Date }): Promise<Recollection>;
  /** The same message buried twice is one dead letter; another one at the same offset (of a topic made anew) is its own. */
  bury(letter: ConsumerDeadLetter): Promise<void>;
}
