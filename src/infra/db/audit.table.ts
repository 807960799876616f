import { EntitySchema } from 'typeorm';
import { datetime, json, nullable, primaryId, text } from './columns.ts';

interface AuditRow {
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  details: unknown;
}

export const auditTable = new EntitySchema<AuditRow>({
  name: 'AuditEntry',
  tableName: 'audit_log',
  columns: {
    id: primaryId(),
    at: datetime(),
    actor: text(100),
    action: text(60),
    subject: text(120),
    details: json(nullable),
  },
  indices: [
    { name: 'idx_audit_log_subject', columns: ['subject', 'at'] },
    { name: 'idx_audit_log_at', columns: ['at'] },
  ],
});
