import { describe, expect, it } from '@jest/globals';
import type { AddressFields } from '../../../src/domain/addresses/address.ts';
import { checkAddress } from '../../../src/domain/addresses/check-address.ts';
import { COUNTRY_RULES } from '../../../src/domain/addresses/country-rules.ts';
import { isPostalCode, normalisePostalCode } from '../../../src/domain/addresses/postal-code.ts';
import { isCountry } from '../../../src/domain/shared/country.ts';
import { DomainError } from '../../../src/domain/shared/errors.ts';

const berlin: AddressFields = {
  label: null,
  recipient: 'Ana Lima',
  organization: null,
  line1: 'Torstraße 1',
  line2: null,
  line3: null,
  district: null,
  city: 'Berlin',
  region: null,
  postalCode: '10119',
  country: 'DE',
  phone: '+49 30 123456',
};

function refusal(fields: Partial<AddressFields>): DomainError {
  try {
    checkAddress({ ...berlin, ...fields });
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('the address was accepted');
}

const wrongFields = (fields: Partial<AddressFields>): string[] => refusal(fields).issues.map((i) => i.path);

describe('the check of an address', () => {
  it('writes the country, the phone and the postal code in their one form', () => {
    const checked = checkAddress({
      ...berlin,
      country: 'gb',
      postalCode: ' sw1a  1aa ',
      phone: '020 7946 0018',
    });
    expect(checked).toMatchObject({ country: 'GB', postalCode: 'SW1A 1AA', phone: '+442079460018' });
  });

  it('trims text, composes it, and takes blanks for nothing', () => {
    const checked = checkAddress({ ...berlin, line1: '  Torstraße   1 ', line2: '  ', city: 'Ko\u0308ln' });
    expect(checked).toMatchObject({ line1: 'Torstraße 1', line2: null, city: 'Köln' });
  });

  it.each(['XX', 'XK', 'UK', 'EU', 'Germany', ''])('refuses the country %p with its path', (country) => {
    const error = refusal({ country });
    expect([error.code, error.issues[0]?.path]).toEqual(['unknown_country', 'country']);
  });

  it.each([
    ['US', { region: null, postalCode: '94043' }, ['region']],
    ['CN', { city: null, postalCode: '100000' }, ['city', 'region']],
    ['AE', { city: null, postalCode: null }, ['region']],
    ['SG', { city: null, postalCode: null }, ['postalCode']],
    ['JP', { city: null, postalCode: '100-0001' }, ['region']],
    ['DE', { city: ' ', postalCode: ' ' }, ['city', 'postalCode']],
  ])('asks for what %s needs', (country, fields, paths) => {
    expect(wrongFields({ ...fields, country })).toEqual(paths);
  });

  it('asks for a recipient and a street line everywhere', () => {
    expect(wrongFields({ recipient: ' ', line1: '\t' })).toEqual(['recipient', 'line1']);
  });

  it('takes an address without a postal code where there are none', () => {
    expect(
      checkAddress({ ...berlin, country: 'HK', region: 'Kowloon', postalCode: null, city: null }).postalCode,
    ).toBeNull();
  });

  it.each([
    ['DE', '1011'],
    ['DE', '10119 5'],
    ['CN', 'ABCDEF'],
    ['GB', 'ZZ1 1AA'],
    ['CA', 'D0D 0D0'],
    ['HK', '<script>'],
  ])('refuses in %s the postal code %p and shows what one looks like', (country, postalCode) => {
    const error = refusal({ country, postalCode, region: 'X' });
    expect(error.issues.map((i) => i.path)).toEqual(['postalCode']);
  });

  it('takes a prefix off that the country does not need, and full-width digits for digits', () => {
    expect(normalisePostalCode('LT', 'LT-04340')).toBe('04340');
    expect(normalisePostalCode('JP', '100-0001')).toBe('100-0001');
  });

  it.each(['12', 'not a phone', '+4930123456 ext. 7', '+999123456789', 'call +4930123456'])(
    'refuses the phone %p',
    (phone) => {
      expect(wrongFields({ phone })).toEqual(['phone']);
    },
  );

  it('tells every wrong field at once', () => {
    expect(wrongFields({ recipient: '', line1: '', city: null, postalCode: 'x', phone: 'y' })).toEqual([
      'recipient',
      'line1',
      'city',
      'postalCode',
      'phone',
    ]);
  });
});

describe('the table of countries', () => {
  it('has assigned countries only, and every rule accepts its own example', () => {
    for (const [country, rule] of Object.entries(COUNTRY_RULES)) {
      expect(isCountry(country)).toBe(true);
      expect(rule.required).toMatch(/^A?C?D?S?Z?$/);
      if (rule.example !== undefined) {
        expect([country, isPostalCode(country, normalisePostalCode(country, rule.example))]).toEqual([
          country,
          true,
        ]);
      }
    }
  });
});
