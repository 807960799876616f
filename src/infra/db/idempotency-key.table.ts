import { EntitySchema } from 'typeorm';
import { datetime, id, int, largeText, nullable, text } from './columns.ts';

interface IdempotencyKeyRow {
  scope: string;
  key: string;
  fingerprint: string;
  replyStatus: number | null;
  replyBody: string | null;
  subject: string | null;
  createdAt: Date;
  leaseUntil: Date;
  expiresAt: Date;
}

export const idempotencyKeyTable = new EntitySchema<IdempotencyKeyRow>({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  columns: {
    scope: text(200, { primary: true }),
    key: text(255, { primary: true, name: 'idempotency_key' }),
    fingerprint: text(64),
    replyStatus: int(nullable),
    replyBody: largeText(nullable),
    subject: id(nullable),
    createdAt: datetime(),
    leaseUntil: datetime(),
    expiresAt: datetime(),
  },
  indices: [{ name: 'idx_idempotency_keys_expires_at', columns: ['expiresAt'] }],
});
