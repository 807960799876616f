import type { App } from '../app.ts';
import { DomainError } from '../domain/shared/errors.ts';

/**
 * Where everybody knows the password of an admin, no role of a production shop may run.
 * @throws DomainError configuration
 */
export async function refuseShippedSuperuser(
  app: Pick<App, 'config' | 'hasDefaultSuperuser'>,
): Promise<void> {
  if (app.config.env !== 'production' || !(await app.hasDefaultSuperuser())) return;
  throw new DomainError(
    'configuration',
    'a superuser of this database still has the shipped password, which NODE_ENV=production refuses: start "crossborder serve --host 127.0.0.1" with NODE_ENV=development on this database, sign in on that machine, and change it by POST /api/v1/users/me/password',
  );
}
