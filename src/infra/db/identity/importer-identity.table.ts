import { EntitySchema } from 'typeorm';
import { datetime, id, primaryId, text } from '../columns.ts';

interface ImporterIdentityRow {
  id: string;
  userId: string;
  country: string;
  kind: string;
  fullName: string;
  numberEncrypted: string;
  numberMasked: string;
  numberFingerprint: string;
  status: string;
  createdAt: Date;
  updatedAt: Date;
}

export const importerIdentityTable = new EntitySchema<ImporterIdentityRow>({
  name: 'ImporterIdentity',
  tableName: 'importer_identities',
  columns: {
    id: primaryId(),
    userId: id(),
    country: text(2),
    kind: text(30),
    fullName: text(100),
    numberEncrypted: text(255),
    numberMasked: text(40),
    numberFingerprint: text(64),
    status: text(20),
    createdAt: datetime(),
    updatedAt: datetime(),
  },
  indices: [
    { name: 'uq_importer_identities_number', columns: ['userId', 'numberFingerprint'], unique: true },
    { name: 'idx_importer_identities_status', columns: ['status', 'createdAt', 'id'] },
  ],
  foreignKeys: [
    {
      name: 'fk_importer_identities_user',
      target: 'User',
      columnNames: ['userId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});
