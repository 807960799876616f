import { z } from 'zod';
import { ROLES } from '../../domain/shared/actor.ts';
import { LOCALES } from '../../domain/shared/locale.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../../domain/users/password-rules.ts';
import type { Session } from '../../domain/users/session.ts';
import { ACCESS_TOKEN_SECONDS } from '../../domain/users/session.ts';
import { USER_STATUSES, type User } from '../../domain/users/user.ts';
import { pageParams, pageView, plainText } from '../fields.ts';

/** Long enough for any password manager; the rules for a new one are the domain's. */
const secretField = z.string().min(1).max(1024);
const newPasswordField = secretField.meta({
  description: `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, not the e-mail address, not a common one`,
  example: 'correct horse battery',
});
const emailField = z.email().max(254).meta({ example: 'ana@example.com' });
const displayNameField = plainText(150).meta({ example: 'Ana Lima' });
const localeField = z.enum(LOCALES).meta({ description: 'Language of e-mails' });
const refreshTokenField = z.string().regex(/^[\w-]{43}$/, 'not a refresh token');

export const RegisterBody = z.strictObject({
  email: emailField,
  password: newPasswordField,
  displayName: displayNameField.exactOptional().meta({ description: 'what stands before the @ when absent' }),
  locale: localeField.exactOptional().meta({ description: 'by Accept-Language when absent' }),
});

/** No format is checked here: whatever is not the name of an account gets the one answer. */
export const SignInBody = z
  .strictObject({
    email: z.string().min(1).max(254).exactOptional(),
    username: z.string().min(1).max(150).exactOptional(),
    password: secretField,
  })
  .refine((body) => (body.email === undefined) !== (body.username === undefined), {
    path: ['email'],
    error: 'give either email or username',
  });

export const RefreshBody = z.strictObject({ refreshToken: refreshTokenField });

/** The guest's cart, which becomes the user's. */
export const CartTokenHeader = z.object({
  'x-cart-token': z
    .string()
    .regex(/^[\w-]{43}$/, 'not a cart token')
    .exactOptional()
    .meta({ description: 'Token of a guest cart: it is merged into the cart of who signs in' }),
});

export const PasswordBody = z.strictObject({ currentPassword: secretField, newPassword: newPasswordField });
export const DeleteAccountBody = z.strictObject({ password: secretField });

export const ProfileBody = z
  .strictObject({ displayName: displayNameField.exactOptional(), locale: localeField.exactOptional() })
  .refine((body) => Object.keys(body).length > 0, 'give at least one field to change');

export const AccessBody = z
  .strictObject({
    role: z.enum(ROLES).exactOptional(),
    status: z.enum(['active', 'disabled']).exactOptional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'give at least one field to change');

export const UserListParams = z.strictObject({
  ...pageParams,
  email: z.string().min(1).max(254).exactOptional(),
  role: z.enum(ROLES).exactOptional(),
  status: z.enum(USER_STATUSES).exactOptional(),
});

export const UserView = z
  .object({
    id: z.string(),
    username: z.string().nullable(),
    email: z.string().nullable(),
    displayName: z.string(),
    role: z.enum(ROLES),
    status: z.enum(USER_STATUSES),
    locale: z.enum(LOCALES),
    mustChangePassword: z.boolean().meta({ description: 'the password is the shipped default' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'User' });

export const UserPageView = pageView(UserView).meta({ id: 'UserPage' });

export const SessionView = z
  .object({
    accessToken: z.string().meta({ description: 'JWT, for "Authorization: Bearer"' }),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().meta({ description: 'seconds until the access token expires' }),
    refreshToken: z.string().meta({ description: 'good for one use at /auth/refresh' }),
    refreshExpiresAt: z.iso.datetime(),
    user: UserView,
  })
  .meta({ id: 'Session' });

export const presentUser = (user: User): z.input<typeof UserView> => ({
  id: user.id,
  username: user.username,
  email: user.email,
  displayName: user.displayName,
  role: user.role,
  status: user.status,
  locale: user.locale,
  mustChangePassword: user.mustChangePassword,
  createdAt: user.createdAt.toISOString(),
  updatedAt: user.updatedAt.toISOString(),
});

export const presentSession = (session: Session): z.input<typeof SessionView> => ({
  accessToken: session.accessToken,
  tokenType: 'Bearer',
  expiresIn: ACCESS_TOKEN_SECONDS,
  refreshToken: session.refreshToken,
  refreshExpiresAt: session.refreshExpiresAt.toISOString(),
  user: presentUser(session.user),
});
