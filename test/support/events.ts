import {
  type Beginning,
  type BrowseOptions,
  type ConsumerLag,
  type EventLog,
  type EventMessage,
  type Refusals,
  type SubscribeOptions,
  type Subscription,
  type TopicState,
  withoutRefused,
} from '../../src/domain/eventstream/event-log.ts';
import { DomainError } from '../../src/domain/shared/errors.ts';
import type { NewEvent } from '../../src/domain/shared/event.ts';
import type { TestApp } from './setup-app.ts';

/** An order event whose content nobody looks at. */
export const orderEvent = (aggregateId: string, sequence: number, at: Date): NewEvent => ({
  type: 'order.completed.v1',
  topic: 'order-events',
  aggregateType: 'order',
  aggregateId,
  sequence,
  occurredAt: at,
  payload: { orderId: aggregateId, number: `CB-${aggregateId}` },
});

export const append = ({ app }: Pick<TestApp, 'app'>, ...events: NewEvent[]): Promise<void> =>
  app.db.transaction((tx) => tx.outbox.append(events));

/** A log with faults: a broker that is away, one that refuses, and a process that dies right after sending. */
export class FaultyLog implements EventLog {
  readonly kind: EventLog['kind'] = 'local';
  readonly accepted: EventMessage[] = [];
  away = false;
  refuse: (message: EventMessage) => string | undefined = () => undefined;
  afterSend: () => Promise<void> = () => Promise.resolve();

  async publish(batch: readonly EventMessage[]): Promise<Refusals> {
    if (this.away) throw new DomainError('unavailable', 'no broker answers');
    const refusals = new Map<string, string>();
    for (const message of batch) {
      const reason = this.refuse(message);
      if (reason !== undefined) refusals.set(message.id, reason);
    }
    this.accepted.push(...withoutRefused(batch, refusals));
    await this.afterSend();
    return refusals;
  }

  /** What was stored, as `aggregate:sequence`. */
  get stored(): string[] {
    return this.accepted.map((m) => `${m.key}:${m.headers.sequence}`);
  }

  subscribe({ group }: SubscribeOptions): Promise<Subscription> {
    throw new Error(`this log is only written to: ${group} cannot read it`);
  }

  lag(): Promise<ConsumerLag[]> {
    return Promise.resolve([]);
  }

  browse({ topics }: BrowseOptions): Promise<void> {
    throw new Error(`this log is only written to: ${topics.join()} cannot be read`);
  }

  beginnings(): Promise<Beginning[]> {
    return Promise.resolve([]);
  }

  ensureTopics(): Promise<TopicState[]> {
    return Promise.resolve([]);
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
