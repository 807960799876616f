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

/** Whom to name to the operator: who still has the shipped password, else the one of the settings, else any. */
export async function nameOfSuperuser({ config, connections }: Parts): Promise<string | null> {
  const users = new SqlUsersReadModel(connections.read);
  const { items } = await users.list({ role: 'admin', status: 'active' }, { limit: 100 });
  const named =
    items.find((user) => user.mustChangePassword) ??
    items.find((user) => user.username === config.superuser.username) ??
    items[0];
  return named?.username ?? named?.email ?? null;
}
