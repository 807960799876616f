import { EntitySchema } from 'typeorm';
import { datetime, id, int, json, nullable, primaryId, text } from '../columns.ts';

interface OutboxRow {
  id: string;
  type: string;
  topic: string;
  aggregateType: string;
  aggregateId: string;
  sequence: number;
  payload: unknown;
  correlationId: string | null;
  traceparent: string | null;
  occurredAt: Date;
  status: 'pending' | 'sent' | 'dead' | 'skipped';
  attempts: number;
  availableAt: Date;
  leaseOwner: string | null;
  leaseUntil: Date | null;
  sentAt: Date | null;
  lastError: string | null;
}

export const outboxTable = new EntitySchema<OutboxRow>({
  name: 'Outbox',
  tableName: 'outbox',
  columns: {
    id: primaryId(),
    type: text(100),
    topic: text(60),
    aggregateType: text(40),
    aggregateId: id(),
    sequence: int(),
    payload: json(),
    correlationId: text(64, nullable),
    traceparent: text(64, nullable),
    occurredAt: datetime(),
    status: text(10),
    attempts: int(),
    availableAt: datetime(),
    leaseOwner: id(nullable),
    leaseUntil: datetime(nullable),
    sentAt: datetime(nullable),
    lastError: text(500, nullable),
  },
  indices: [
    { name: 'uq_outbox_sequence', columns: ['aggregateType', 'aggregateId', 'sequence'], unique: true },
    { name: 'idx_outbox_head', columns: ['status', 'aggregateId', 'aggregateType', 'sequence'] },
    { name: 'idx_outbox_due', columns: ['status', 'availableAt', 'id'] },
    { name: 'idx_outbox_sent_at', columns: ['sentAt'] },
  ],
});
