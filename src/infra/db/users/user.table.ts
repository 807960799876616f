import { EntitySchema } from 'typeorm';
import { bool, datetime, id, int, nullable, primaryId, text } from '../columns.ts';

interface UserRow {
  id: string;
  username: string | null;
  email: string | null;
  passwordHash: string | null;
  displayName: string;
  role: string;
  status: string;
  locale: string;
  mustChangePassword: boolean;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

const userTable = new EntitySchema<UserRow>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: primaryId(),
    username: text(150, nullable),
    email: text(254, nullable),
    passwordHash: text(200, nullable),
    displayName: text(150),
    role: text(20),
    status: text(20),
    locale: text(5),
    mustChangePassword: bool(),
    createdAt: datetime(),
    updatedAt: datetime(),
    version: int(),
  },
  indices: [
    { name: 'uq_users_username', columns: ['username'], unique: true },
    { name: 'uq_users_email', columns: ['email'], unique: true },
    { name: 'idx_users_role', columns: ['role', 'createdAt'] },
    { name: 'idx_users_created', columns: ['createdAt', 'id'] },
  ],
});

interface RefreshTokenRow {
  id: string;
  userId: string;
  familyId: string;
  tokenHash: string;
  expiresAt: Date;
  usedAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
}

const refreshTokenTable = new EntitySchema<RefreshTokenRow>({
  name: 'RefreshToken',
  tableName: 'refresh_tokens',
  columns: {
    id: primaryId(),
    userId: id(),
    familyId: id(),
    tokenHash: text(64),
    expiresAt: datetime(),
    usedAt: datetime(nullable),
    revokedAt: datetime(nullable),
    createdAt: datetime(),
  },
  indices: [
    { name: 'uq_refresh_tokens_hash', columns: ['tokenHash'], unique: true },
    { name: 'idx_refresh_tokens_user', columns: ['userId', 'expiresAt'] },
    { name: 'idx_refresh_tokens_family', columns: ['familyId', 'revokedAt'] },
  ],
  foreignKeys: [
    {
      name: 'fk_refresh_tokens_user',
      target: 'User',
      columnNames: ['userId'],
      referencedColumnNames: ['id'],
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    },
  ],
});

export const userTables = [userTable, refreshTokenTable] as const;
