import {
  CreateSuperuser,
  type SuperuserMade,
  type SuperuserRequest,
} from '../domain/use-cases/create-superuser.ts';
import { SqlUsersReadModel } from '../infra/db/users/sql-users.read-model.ts';
import { Argon2PasswordHasher } from '../infra/security/argon2-password-hasher.ts';
import type { Core } from './core.ts';

type Parts = Pick<Core, 'config' | 'clock' | 'connections' | 'db'>;

export function createSuperuser(parts: Parts, request: SuperuserRequest): Promise<SuperuserMade> {
  const { clock, connections, db } = parts;
  const users = new SqlUsersReadModel(connections.read);
  return new CreateSuperuser({ db, clock, users, hasher: new Argon2PasswordHasher() }).run(request);
}

/** The superuser of the SUPERUSER_* settings, unless an admin is active; the shipped password never in production. */
export function createConfiguredSuperuser(parts: Parts): Promise<SuperuserMade> {
  const { username, email, password } = parts.config.superuser;
  const allowShippedPassword = parts.config.env !== 'production';
  return createSuperuser(parts, {
    username,
    email,
    password,
    ifNotExists: true,
    onlyAsFirst: true,
    allowShippedPassword,
  });
}
