import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../../domain/users/password-hasher.ts';

/** OWASP's first recommendation for argon2id: 19 MiB, 2 passes, 1 lane; about 20 ms. */
export const ARGON2_OPTIONS = { memoryCost: 19456, timeCost: 2, parallelism: 1 } as const;

/** The hash of random bytes that nobody has, made with the options above: what an unknown user is compared with. */
export const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$bX+pXS7aDXUGkODcAIq3Eg$ZCqM0XyS2N+9CAjG9a8ni9eEES4Ivbv9olgvJ3XptUs';

/** argon2id on the thread pool. Text is composed first, so that two keyboards write the same password. */
export class Argon2PasswordHasher implements PasswordHasher {
  hash(password: string): Promise<string> {
    return hash(password.normalize('NFKC'), ARGON2_OPTIONS);
  }

  async verify(stored: string | null | undefined, password: string): Promise<boolean> {
    const matches = await verify(stored ?? NOBODY, password.normalize('NFKC'));
    return matches && typeof stored === 'string';
  }
}
