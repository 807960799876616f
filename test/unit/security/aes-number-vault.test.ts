import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AesNumberVault } from '../../../src/infra/security/aes-number-vault.ts';

const key = randomBytes(32);
const vault = new AesNumberVault(key);

describe('the number vault', () => {
  it('gives back what it sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.uuid(), (number, id) => vault.open(vault.seal(number, id), id) === number),
    );
  });

  it('seals the same number differently each time, and never readably', () => {
    const sealed = [vault.seal('52998224725', 'row'), vault.seal('52998224725', 'row')];
    expect(new Set(sealed).size).toBe(2);
    expect(sealed.join()).not.toContain('52998224725');
    expect(sealed.join()).not.toContain(Buffer.from('52998224725').toString('base64url'));
  });

  it('does not open what was moved to another row', () => {
    expect(() => vault.open(vault.seal('52998224725', 'row-1'), 'row-2')).toThrow();
  });

  it('does not open what was altered in any part', () => {
    const sealed = vault.seal('52998224725', 'row');
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, i) + other + sealed.slice(i + 1);
      const same = () => {
        // the last character of a base64url part may carry bits that mean nothing
        const bytes = (text: string) =>
          text
            .split('.')
            .slice(2)
            .map((p) => Buffer.from(p, 'base64url').toString('hex'));
        return bytes(altered).join() === bytes(sealed).join() && altered.slice(0, 11) === sealed.slice(0, 11);
      };
      if (!same()) expect(() => vault.open(altered, 'row')).toThrow();
    }
  });

  it('does not accept a shortened tag', () => {
    const [version, id, nonce, body = ''] = vault.seal('52998224725', 'row').split('.');
    const short = Buffer.from(body, 'base64url').subarray(0, -12).toString('base64url');
    expect(() => vault.open([version, id, nonce, short].join('.'), 'row')).toThrow();
  });

  it('opens what a former key sealed, and seals with the new one', () => {
    const next = new AesNumberVault(randomBytes(32), [key]);
    const old = vault.seal('52998224725', 'row');
    expect(next.open(old, 'row')).toBe('52998224725');
    expect(() => vault.open(next.seal('1', 'row'), 'row')).toThrow(/not configured/);
  });

  it('fingerprints equal numbers of a kind equally, and only with the key', () => {
    const print = vault.fingerprint('br_cpf', '52998224725');
    expect(vault.fingerprint('br_cpf', '52998224725')).toBe(print);
    expect(vault.fingerprint('kr_pccc', '52998224725')).not.toBe(print);
    expect(new AesNumberVault(randomBytes(32)).fingerprint('br_cpf', '52998224725')).not.toBe(print);
  });

  it('refuses a key of another length', () => {
    expect(() => new AesNumberVault(randomBytes(16))).toThrow(/32 bytes/);
  });
});
