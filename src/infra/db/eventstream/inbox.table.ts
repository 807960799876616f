import { EntitySchema } from 'typeorm';
import { datetime, int, json, longText, nullable, primaryId, text } from '../columns.ts';

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

interface ConsumerDeadLetterRow {
  id: string;
  consumerGroup: string;
  topic: string;
  partitionNumber: number;
  position: string;
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
      columns: ['consumerGroup', 'topic', 'partitionNumber', 'position'],
      unique: true,
    },
    { name: 'idx_consumer_dead_letters_status', columns: ['status', 'createdAt'] },
  ],
});
