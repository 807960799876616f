import { EntitySchema } from 'typeorm';
import { datetime, id, int, json, longText, nullable, primaryId, text } from '../columns.ts';

interface InboxRow {
  consumerGroup: string;
  eventId: string;
  handledAt: Date;
}

export const inboxTable = new EntitySchema<InboxRow>({
  name: 'Inbox',
  tableName: 'inbox',
  columns: {
    consumerGroup: text(60, { primary: true }),
    eventId: text(64, { primary: true }),
    handledAt: datetime(),
  },
  indices: [{ name: 'idx_inbox_handled_at', columns: ['handledAt'] }],
});

interface ConsumerPositionRow {
  consumerGroup: string;
  aggregateType: string;
  aggregateId: string;
  /** Of the last event of the aggregate that the group went past. */
  sequence: number;
  updatedAt: Date;
}

export const consumerPositionTable = new EntitySchema<ConsumerPositionRow>({
  name: 'ConsumerPosition',
  tableName: 'consumer_positions',
  columns: {
    consumerGroup: text(60, { primary: true }),
    aggregateType: text(40, { primary: true }),
    aggregateId: id({ primary: true }),
    sequence: int(),
    updatedAt: datetime(),
  },
  indices: [{ name: 'idx_consumer_positions_updated_at', columns: ['updatedAt'] }],
});

interface ConsumerDeadLetterRow {
  id: string;
  consumerGroup: string;
  topic: string;
  partitionNumber: number;
  position: string;
  /** SHA-256 of key, headers and value; null in rows of before it was kept. */
  messageHash: string | null;
  eventId: string | null;
  eventType: string | null;
  messageKey: string | null;
  headers: unknown;
  /** The message's text as a JSON string: any text of any length, on every database. */
  value: unknown;
  cause: string;
  status: 'dead' | 'replayed' | 'skipped';
  createdAt: Date;
}

export const consumerDeadLetterTable = new EntitySchema<ConsumerDeadLetterRow>({
  name: 'ConsumerDeadLetter',
  tableName: 'consumer_dead_letters',
  columns: {
    id: primaryId(),
    consumerGroup: text(60),
    topic: text(60),
    partitionNumber: int(),
    position: text(20),
    messageHash: text(64, nullable),
    eventId: text(64, nullable),
    eventType: text(100, nullable),
    messageKey: text(200, nullable),
    headers: json(),
    value: json(),
    cause: longText(),
    status: text(10),
    createdAt: datetime(),
  },
  indices: [
    {
      name: 'uq_consumer_dead_letters_message',
      columns: ['consumerGroup', 'topic', 'partitionNumber', 'position', 'messageHash'],
      unique: true,
    },
    { name: 'idx_consumer_dead_letters_status', columns: ['status', 'createdAt'] },
    { name: 'idx_consumer_dead_letters_event', columns: ['consumerGroup', 'eventId'] },
  ],
});
