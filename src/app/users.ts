import { ChangePassword } from '../domain/use-cases/change-password.ts';
import { DeleteAccount } from '../domain/use-cases/delete-account.ts';
import { ManageAddresses } from '../domain/use-cases/manage-addresses.ts';
import { ManageIdentities } from '../domain/use-cases/manage-identities.ts';
import { RefreshSession } from '../domain/use-cases/refresh-session.ts';
import { RegisterUser } from '../domain/use-cases/register-user.ts';
import { SetUserAccess } from '../domain/use-cases/set-user-access.ts';
import { SignIn } from '../domain/use-cases/sign-in.ts';
import { SignOut } from '../domain/use-cases/sign-out.ts';
import { UpdateProfile } from '../domain/use-cases/update-profile.ts';
import type { UsersReadModel } from '../domain/users/users.read-model.ts';
import { SqlAddressesReadModel } from '../infra/db/addresses/sql-addresses.read-model.ts';
import { SqlIdentitiesReadModel } from '../infra/db/identity/sql-identities.read-model.ts';
import { SqlUsersReadModel } from '../infra/db/users/sql-users.read-model.ts';
import { AesNumberVault } from '../infra/security/aes-number-vault.ts';
import { Argon2PasswordHasher } from '../infra/security/argon2-password-hasher.ts';
import { JwtAccessTokens } from '../infra/security/jwt-access-tokens.ts';
import { SessionVerifier } from '../infra/security/session-verifier.ts';
import { addressRoutes } from '../server/addresses/addresses.routes.ts';
import type { TokenVerifier } from '../server/auth.ts';
import { identityRoutes, staffIdentityRoutes } from '../server/identity/identities.routes.ts';
import type { Route } from '../server/route.ts';
import { type AuthRouteDeps, authRoutes } from '../server/users/auth.routes.ts';
import { staffUserRoutes } from '../server/users/staff-users.routes.ts';
import { userRoutes } from '../server/users/users.routes.ts';
import type { Core } from './core.ts';

export interface Users {
  readonly routes: Route[];
  readonly verifier: TokenVerifier;
  readonly users: UsersReadModel;
  readonly signIn: SignIn;
  readonly refreshSession: RefreshSession;
  readonly signOut: SignOut;
}

/** Wires accounts, sessions, address books and importer identities. */
export function wireUsers(
  { config, db, clock, connections }: Core,
  carts: Pick<AuthRouteDeps, 'mergeGuestCart'>,
): Users {
  const users = new SqlUsersReadModel(connections.read);
  const hasher = new Argon2PasswordHasher();
  const accessTokens = new JwtAccessTokens(config.jwtSigningKey, clock);
  const sessions = new SessionVerifier({ tokens: accessTokens, users, clock });
  const deps = { db, clock, hasher, users, accessTokens, sessions };
  const signing = {
    signIn: new SignIn(deps),
    refreshSession: new RefreshSession(deps),
    signOut: new SignOut(deps),
  };
  return {
    ...signing,
    verifier: sessions,
    users,
    routes: [
      ...authRoutes({
        registerUser: new RegisterUser(deps),
        ...signing,
        ...carts,
      }),
      ...userRoutes({
        users,
        updateProfile: new UpdateProfile(deps),
        changePassword: new ChangePassword(deps),
        deleteAccount: new DeleteAccount(deps),
      }),
      ...staffUserRoutes({ users, setUserAccess: new SetUserAccess(deps) }),
      ...addressRoutes({
        addresses: new SqlAddressesReadModel(connections.read),
        manageAddresses: new ManageAddresses(deps),
      }),
      ...importerIdentityRoutes({ config, db, clock, connections }),
    ],
  };
}

function importerIdentityRoutes({
  config,
  db,
  clock,
  connections,
}: Pick<Core, 'config' | 'db' | 'clock' | 'connections'>): Route[] {
  const vault = new AesNumberVault(config.encryptionKey);
  const identities = new SqlIdentitiesReadModel(connections.read);
  const manageIdentities = new ManageIdentities({ db, clock, vault });
  return [
    ...identityRoutes({ identities, manageIdentities, vault }),
    ...staffIdentityRoutes({ identities, manageIdentities }),
  ];
}
