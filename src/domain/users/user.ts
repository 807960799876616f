import type { Role } from '../shared/actor.ts';
import type { Locale } from '../shared/locale.ts';

/** `deleted` is final: nothing personal is left, and the row stays only because orders point to it. */
export const USER_STATUSES = ['active', 'disabled', 'deleted'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

export interface User {
  readonly id: string;
  /** Superusers and staff may have one; customers sign in by e-mail. */
  readonly username: string | null;
  /** Normalised; null once deleted. */
  readonly email: string | null;
  readonly displayName: string;
  readonly role: Role;
  readonly status: UserStatus;
  readonly locale: Locale;
  /** The password is the shipped default. */
  readonly mustChangePassword: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A user with what proves the identity. Never leaves the use cases. */
export interface Credentials {
  readonly user: User;
  /** PHC string; null for an account that cannot sign in. */
  readonly passwordHash: string | null;
}

export const DELETED_NAME = 'Deleted user';
