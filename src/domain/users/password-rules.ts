import { invalidField } from '../shared/errors.ts';

/** In characters, as people count them. The upper bound only keeps the hash from being a way to burn CPU. */
export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 128;

/** The password of the superuser on a fresh machine: it breaks the rules below, and is flagged until changed. */
export const SHIPPED_PASSWORD = 'admin123';

// The ones of ten characters and more that lead every published list of leaked passwords; shorter ones are refused
// by their length. Compared without case, blanks and punctuation.
const COMMON = new Set([
  ...[
    '1234567890',
    '0123456789',
    '0987654321',
    '9876543210',
    '12345678910',
    '123456789a',
    '1234512345',
    '1122334455',
  ],
  ...[
    '123123123123',
    '121212121212',
    '147258369',
    '1q2w3e4r5t',
    '1q2w3e4r5t6y',
    'q1w2e3r4t5',
    '1qaz2wsx3edc',
    '1qazxsw23edc',
  ],
  ...[
    'qwertyuiop',
    'qwertyuiop123',
    'qwerty12345',
    'qwerty123456',
    'qwerty1234',
    'qwertz12345',
    'azertyuiop',
    'asdfghjkl1',
  ],
  ...[
    'asdfghjkl123',
    'zxcvbnm123',
    'abcdefghij',
    'abcd123456',
    'abc1234567',
    'abcdef123456',
    'a123456789',
    'aa12345678',
  ],
  ...[
    'password12',
    'password123',
    'password1234',
    'password12345',
    'passw0rd123',
    'p4ssw0rd123',
    'passwordpassword',
  ],
  ...[
    'mypassword',
    'mypassword1',
    'newpassword',
    'newpassword1',
    'changeme123',
    'changemenow',
    'letmein123',
    'letmeinnow',
  ],
  ...[
    'welcome123',
    'welcome1234',
    'welcome12345',
    'iloveyou12',
    'iloveyou123',
    'iloveyou1234',
    'sunshine123',
    'princess123',
  ],
  ...[
    'football123',
    'baseball123',
    'superman123',
    'batman12345',
    'dragon12345',
    'monkey12345',
    'master12345',
    'shadow12345',
  ],
  ...[
    'admin12345',
    'admin123456',
    'admin1234567',
    'administrator',
    'administrator1',
    'root123456',
    'test123456',
    'test1234567',
  ],
  ...[
    'user123456',
    'guest12345',
    'secret12345',
    'trustno1trustno1',
    'crossborder',
    'crossbordertrade',
    'woaini1314',
    'woaini520',
  ],
  ...[
    '5201314520',
    'woaini1314520',
    'senha123456',
    'contrasena123',
    'passwort123',
    'passwort1234',
    'hallo12345',
    'schatz12345',
  ],
]);

export interface PasswordOwner {
  readonly email: string | null;
  readonly username?: string | null;
  readonly displayName?: string;
}

const squeezed = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

function fault(password: string, owner: PasswordOwner): string | undefined {
  const length = Array.from(password).length;
  if (length < MIN_PASSWORD_LENGTH) return `must have at least ${MIN_PASSWORD_LENGTH} characters`;
  if (length > MAX_PASSWORD_LENGTH) return `must have at most ${MAX_PASSWORD_LENGTH} characters`;
  const bare = squeezed(password);
  const own = [owner.email, owner.email?.split('@')[0], owner.username, owner.displayName];
  if (own.some((name) => typeof name === 'string' && name !== '' && squeezed(name) === bare)) {
    return 'must not be your e-mail address or your name';
  }
  if (new Set(password).size < 4 || COMMON.has(bare)) return 'is one of the first that are guessed';
  return undefined;
}

/** @throws DomainError validation_failed at `path`, never quoting the password */
export function checkPassword(path: string, password: string, owner: PasswordOwner): void {
  const message = fault(password, owner);
  if (message !== undefined) throw invalidField(path, message);
}
