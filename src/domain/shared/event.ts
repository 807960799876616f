import type { z } from 'zod';

export const TOPICS = ['order-events', 'stock-events'] as const;
/** The logical topic; its configured name is the event log's business. */
export type Topic = (typeof TOPICS)[number];
export type AggregateType = 'order' | 'stock';

/** A published fact: its name with its version, where it goes, and the schema of its payload (JSON values only). */
export interface EventType<P> {
  /** `order.created.v1` */
  readonly type: string;
  readonly topic: Topic;
  readonly aggregateType: AggregateType;
  readonly summary: string;
  readonly schema: z.ZodType<P>;
}

export const defineEvent = <P>(event: EventType<P>): EventType<P> => event;

/** An event about to be appended to the outbox, in the transaction that makes it true. */
export interface NewEvent {
  readonly type: string;
  readonly topic: Topic;
  readonly aggregateType: AggregateType;
  readonly aggregateId: string;
  /** 1, 2, 3 ... per aggregate without a gap; taken from the aggregate's row while it is locked. */
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly payload: unknown;
}

/** @throws Error when the payload does not fit its published schema: a defect, found before it is committed */
export const eventOf = <P>(
  event: EventType<P>,
  at: { readonly aggregateId: string; readonly sequence: number; readonly occurredAt: Date },
  payload: P,
): NewEvent => ({
  type: event.type,
  topic: event.topic,
  aggregateType: event.aggregateType,
  ...at,
  payload: event.schema.parse(payload),
});
