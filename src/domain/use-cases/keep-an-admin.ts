import { DomainError } from '../shared/errors.ts';

/**
 * Called before `userId` stops being an active admin.
 * @param admins all active admins, held by this transaction
 * @throws DomainError conflict when there would be none
 */
export function keepAnAdmin(admins: readonly string[], userId: string): void {
  if (admins.length === 1 && admins[0] === userId)
    throw new DomainError('conflict', 'this is the last active admin: make another one first');
}
