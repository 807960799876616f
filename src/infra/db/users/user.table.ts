import { EntitySchema } from 'typeorm';
import { bool, datetime, int, nullable, primaryId, text } from '../columns.ts';

/** A row of `users`, as repositories read and write it. */
export interface UserRow {
  id: string;
  username: string;
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

export const userTable = new EntitySchema<UserRow>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: primaryId(),
    username: text(150),
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
  ],
});
