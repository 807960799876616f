import { describe, expect, it } from '@jest/globals';
import {
  ARGON2_OPTIONS,
  Argon2PasswordHasher,
  NOBODY,
} from '../../../src/infra/security/argon2-password-hasher.ts';

const hasher = new Argon2PasswordHasher();
const parameters = (hash: string) => hash.split('$').slice(1, 4).join('$');

describe('the password hasher', () => {
  it('knows the password it hashed, and no other', async () => {
    const hash = await hasher.hash('correct horse battery');
    expect(await hasher.verify(hash, 'correct horse battery')).toBe(true);
    expect(await hasher.verify(hash, 'Correct horse battery')).toBe(false);
  });

  it('salts: the same password never has the same hash', async () => {
    expect(await hasher.hash('correct horse battery')).not.toBe(await hasher.hash('correct horse battery'));
  });

  it('takes a composed and a decomposed spelling for one password', async () => {
    const hash = await hasher.hash('Kölner Dom 1248'.normalize('NFD'));
    expect(await hasher.verify(hash, 'Kölner Dom 1248'.normalize('NFC'))).toBe(true);
  });

  it('does the same work for nobody as for a user, and lets nobody in', async () => {
    const hash = await hasher.hash('correct horse battery');
    expect(parameters(NOBODY)).toBe(parameters(hash));
    expect(parameters(hash)).toBe(`argon2id$v=19$m=${ARGON2_OPTIONS.memoryCost},t=2,p=1`);
    expect(await hasher.verify(undefined, 'correct horse battery')).toBe(false);
    expect(await hasher.verify(null, '')).toBe(false);
  });
});
