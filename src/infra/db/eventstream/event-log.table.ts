import { EntitySchema } from 'typeorm';
import { bigInteger, datetime, id, json, nullable, text } from '../columns.ts';

interface EventTopicRow {
  topic: string;
  /** The position of the newest message. Its row lock makes positions follow the order of commits. */
  lastPosition: bigint;
}

export const eventTopicTable = new EntitySchema<EventTopicRow>({
  name: 'EventTopic',
  tableName: 'event_topics',
  columns: { topic: text(60, { primary: true }), lastPosition: bigInteger() },
});

interface EventLogRow {
  topic: string;
  position: bigint;
  eventId: string;
  messageKey: string;
  headers: unknown;
  value: unknown;
  appendedAt: Date;
}

export const eventLogTable = new EntitySchema<EventLogRow>({
  name: 'EventLogMessage',
  tableName: 'event_log',
  columns: {
    topic: text(60, { primary: true }),
    position: bigInteger({ primary: true }),
    eventId: id(),
    messageKey: text(200),
    headers: json(),
    value: json(),
    appendedAt: datetime(),
  },
  indices: [
    { name: 'uq_event_log_event', columns: ['topic', 'eventId'], unique: true },
    { name: 'idx_event_log_appended_at', columns: ['appendedAt'] },
  ],
});

interface ConsumerOffsetRow {
  consumerGroup: string;
  topic: string;
  /** The last message the group is done with. */
  position: bigint;
  leaseOwner: string | null;
  leaseUntil: Date | null;
  updatedAt: Date;
}

export const consumerOffsetTable = new EntitySchema<ConsumerOffsetRow>({
  name: 'ConsumerOffset',
  tableName: 'consumer_offsets',
  columns: {
    consumerGroup: text(60, { primary: true }),
    topic: text(60, { primary: true }),
    position: bigInteger(),
    leaseOwner: id(nullable),
    leaseUntil: datetime(nullable),
    updatedAt: datetime(),
  },
});
