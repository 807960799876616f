import { EntitySchema } from 'typeorm';
import { bool, datetime, id, nullable, primaryId, text } from '../columns.ts';

interface AddressRow {
  id: string;
  userId: string;
  label: string | null;
  recipient: string;
  organization: string | null;
  line1: string;
  line2: string | null;
  line3: string | null;
  district: string | null;
  city: string | null;
  region: string | null;
  postalCode: string | null;
  country: string;
  phone: string;
  isDefault: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export const addressTable = new EntitySchema<AddressRow>({
  name: 'Address',
  tableName: 'addresses',
  columns: {
    id: primaryId(),
    userId: id(),
    label: text(60, nullable),
    recipient: text(100),
    organization: text(100, nullable),
    line1: text(120),
    line2: text(120, nullable),
    line3: text(120, nullable),
    district: text(100, nullable),
    city: text(100, nullable),
    region: text(100, nullable),
    postalCode: text(20, nullable),
    country: text(2),
    phone: text(20),
    isDefault: bool(),
    createdAt: datetime(),
    updatedAt: datetime(),
  },
  indices: [{ name: 'idx_addresses_user', columns: ['userId', 'createdAt'] }],
  foreignKeys: [
    {
      name: 'fk_addresses_user',
      target: 'User',
      columnNames: ['userId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});
