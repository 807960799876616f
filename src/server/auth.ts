import type { Request } from 'express';
import { hasRole, type UserActor } from '../domain/shared/actor.ts';
import { DomainError } from '../domain/shared/errors.ts';
import type { Access } from './route.ts';

/** Reads an access token without asking the database. @throws DomainError unauthenticated or token_expired */
export interface TokenVerifier {
  verify(token: string): Promise<UserActor>;
}

/** The signed-in user of `Authorization: Bearer`, as far as the route wants to know. */
export async function authenticate(
  verifier: TokenVerifier,
  access: Access,
  req: Request,
): Promise<UserActor | undefined> {
  if (access === 'public') return undefined;
  const header = req.get('authorization');
  if (header === undefined) {
    if (access === 'optional') return undefined;
    throw new DomainError(
      'unauthenticated',
      'sign in first: send an access token as "Authorization: Bearer <token>"',
    );
  }
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
  if (token === undefined)
    throw new DomainError('unauthenticated', 'the Authorization header holds no bearer token');
  const actor = await verifier.verify(token);
  if (access !== 'optional' && !hasRole(actor, access)) {
    throw new DomainError('forbidden', `this needs the role ${access}`);
  }
  return actor;
}
