import { DomainError } from '../../domain/shared/errors.ts';
import type { ChangePassword } from '../../domain/use-cases/change-password.ts';
import type { DeleteAccount } from '../../domain/use-cases/delete-account.ts';
import type { UpdateProfile } from '../../domain/use-cases/update-profile.ts';
import type { UsersReadModel } from '../../domain/users/users.read-model.ts';
import { type Route, route } from '../route.ts';
import { DeleteAccountBody, PasswordBody, ProfileBody, presentUser, UserView } from './users.schema.ts';

const tags = ['users'];

export interface UserRouteDeps {
  readonly users: UsersReadModel;
  readonly updateProfile: UpdateProfile;
  readonly changePassword: ChangePassword;
  readonly deleteAccount: DeleteAccount;
}

export const userRoutes = (deps: UserRouteDeps): Route[] => [
  route({
    method: 'get',
    path: '/users/me',
    summary: 'The account that is signed in',
    tags,
    auth: 'customer',
    reply: { status: 200, schema: UserView },
    handle: async ({ actor }) => {
      const user = await deps.users.find(actor.userId);
      if (user === undefined) throw new DomainError('unauthenticated', 'this account is not active any more');
      return presentUser(user);
    },
  }),
  route({
    method: 'patch',
    path: '/users/me',
    summary: 'Change the name or the language',
    tags,
    auth: 'customer',
    body: ProfileBody,
    reply: { status: 200, schema: UserView },
    handle: async ({ actor, body }) => presentUser(await deps.updateProfile.run(actor, body)),
  }),
  route({
    method: 'delete',
    path: '/users/me',
    summary: 'Delete the account',
    description:
      'Removes the name, the e-mail address, all addresses and identities, and ends every session. Orders are kept with the e-mail and the delivery address they were placed with: they are business records. The last active admin stays (409).',
    tags,
    auth: 'customer',
    rateLimit: 'sign-in',
    body: DeleteAccountBody,
    reply: { status: 204 },
    errors: ['conflict', 'rate_limited'],
    handle: async ({ actor, body }) => {
      await deps.deleteAccount.run(actor, body.password);
      return undefined;
    },
  }),
  route({
    method: 'post',
    path: '/users/me/password',
    summary: 'Change the password',
    description:
      'Ends every other session of the account. Takes no Idempotency-Key, so that no hash of a password is kept: repeated, it finds that the current password is wrong, and changes nothing.',
    tags,
    auth: 'customer',
    rateLimit: 'sign-in',
    body: PasswordBody,
    reply: { status: 204 },
    errors: ['conflict', 'rate_limited'],
    handle: async ({ actor, body }) => {
      await deps.changePassword.run(actor, body.currentPassword, body.newPassword);
      return undefined;
    },
  }),
];
