import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkNumber } from '../../../src/domain/identity/identity-number.ts';
import type { IdentityKind } from '../../../src/domain/identity/importer-identity.ts';

const now = new Date('2026-03-01T12:00:00Z');
const fault = (kind: IdentityKind, number: string, at = now): string => {
  const result = checkNumber(kind, number, at);
  return 'fault' in result ? result.fault : 'accepted';
};

/** A resident identity number with the right check character, by the definition of ISO 7064 MOD 11-2. */
function residentId(region: string, birth: string, serial: string): string {
  const body = region + birth + serial;
  let rest = 0;
  for (const digit of body) rest = ((rest + Number(digit)) * 2) % 11;
  const check = (12 - rest) % 11;
  return body + (check === 10 ? 'X' : String(check));
}

describe('a Chinese resident identity number', () => {
  it('is accepted and shown by its ends', () => {
    // the specimen of GB 11643-1999
    expect(checkNumber('cn_resident_id', ' 11010519491231002x ', now)).toEqual({
      number: '11010519491231002X',
      masked: '110***********002X',
    });
  });

  it('is accepted with every check character that its rule gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (n) => {
        const number = residentId('440524', '18801231', String(n).padStart(3, '0'));
        return fault('cn_resident_id', number) === 'accepted';
      }),
    );
  });

  it('is refused when any single digit is wrong', () => {
    const right = '11010519491231002X';
    for (let i = 0; i < 17; i++) {
      const wrong = right.slice(0, i) + String((Number(right[i]) + 1) % 10) + right.slice(i + 1);
      expect(fault('cn_resident_id', wrong)).not.toBe('accepted');
    }
  });

  it.each([
    ['a day that is not in the calendar', '20250229', /does not exist/],
    ['month 13', '19901301', /does not exist/],
    ['a year before any holder', '10001231', /does not exist/],
    ['tomorrow', '20260302', /in the future/],
  ])('is refused with %s', (_name, birth, message) => {
    expect(fault('cn_resident_id', residentId('110105', birth, '002'))).toMatch(message);
  });

  it('may be of a child born today by the calendar of China', () => {
    const lateEvening = new Date('2026-03-01T20:00:00Z');
    expect(fault('cn_resident_id', residentId('110105', '20260302', '002'), lateEvening)).toBe('accepted');
  });

  it.each([
    '',
    '123',
    '11010519491231002',
    '1101051949123100200',
    '1101051949123100XX',
    '01010519491231002X',
  ])('is refused in the form %p', (number) => {
    expect(fault('cn_resident_id', number)).toMatch(/17 digits/);
  });
});

describe('a CPF', () => {
  it.each(['529.982.247-25', '52998224725', '111.444.777-35'])('is accepted as %p', (number) => {
    expect(fault('br_cpf', number)).toBe('accepted');
  });

  it('is shown by its first digits, without the check digits that would give more away', () => {
    expect(checkNumber('br_cpf', '529.982.247-25', now)).toEqual({
      number: '52998224725',
      masked: '529********',
    });
  });

  it.each(['529.982.247-26', '529.982.247-15', '5299822472', '529982247255', '5299822472a', ''])(
    'is refused as %p',
    (number) => {
      expect(fault('br_cpf', number)).not.toBe('accepted');
    },
  );

  it.each(Array.from('0123456789'))('is refused when all its digits are %s', (digit) => {
    expect(fault('br_cpf', digit.repeat(11))).toMatch(/repeated/);
  });
});

describe('a personal customs clearance code', () => {
  it('is accepted in lower case too', () => {
    expect(checkNumber('kr_pccc', 'p123456789012', now)).toEqual({
      number: 'P123456789012',
      masked: 'P12*******012',
    });
  });

  it.each(['123456789012', 'P12345678901', 'P1234567890123', 'M123456789012', 'P12345678901X'])(
    'is refused as %p',
    (n) => {
      expect(fault('kr_pccc', n)).toMatch(/P and 12 digits/);
    },
  );
});

it('no fault repeats the number', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<IdentityKind>('cn_resident_id', 'br_cpf', 'kr_pccc'),
      fc.stringMatching(/^P?\d{11,18}X?$/),
      (kind, n) => {
        return !fault(kind, n).includes(n);
      },
    ),
  );
});
