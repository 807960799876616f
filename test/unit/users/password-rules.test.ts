import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../../src/domain/shared/errors.ts';
import { normaliseEmail } from '../../../src/domain/users/email.ts';
import { checkPassword, SHIPPED_PASSWORD } from '../../../src/domain/users/password-rules.ts';

const owner = {
  email: 'ana.lima.2026@example.com',
  username: 'ana-the-importer',
  displayName: 'Ana Carolina Lima',
};

function refusal(password: string): DomainError | undefined {
  try {
    checkPassword('password', password, owner);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return undefined;
}

describe('a new password', () => {
  it.each(['correct horse battery', 'Tr0ub4dor&3x', '密码不要用太短的好吗啊', '🐴🔋📎🐴🔋📎🌍🌎🌏🗺️'])(
    'may be %p',
    (password) => {
      expect(refusal(password)).toBeUndefined();
    },
  );

  it.each([
    ['too short', 'short-one'],
    ['too short in characters, though not in bytes', '🐴🔋📎🌍'],
    ['too long', 'x1y2'.repeat(33)],
    ['the e-mail address', 'Ana.Lima.2026@example.com'],
    ['the part before the @', 'ana.lima.2026'],
    ['the user name, decorated', 'Ana The Importer!'],
    ['the display name', 'anacarolinalima'],
    ['common', 'password123'],
    ['common, decorated', 'P-A-S-S-W-O-R-D 123'],
    ['hardly any characters', 'abababababab'],
    ['the shipped one', SHIPPED_PASSWORD],
  ])('is refused when it is %s', (_name, password) => {
    expect(refusal(password)?.issues[0]?.path).toBe('password');
  });

  it('is never quoted in the refusal', () => {
    const error = refusal('password123');
    expect(JSON.stringify([error?.message, error?.issues])).not.toContain('password123');
  });
});

it('an e-mail address is compared without case and in composed form', () => {
  expect(normaliseEmail(' Ana@Example.COM ')).toBe('ana@example.com');
});
