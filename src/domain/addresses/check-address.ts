import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { type Country, isCountry } from '../shared/country.ts';
import { DomainError, type FieldIssue } from '../shared/errors.ts';
import type { AddressFields } from './address.ts';
import { countryRule, isPostalCode, normalisePostalCode } from './postal-code.ts';

/** Letters of the country table to fields. */
const FIELDS = { A: 'line1', C: 'city', D: 'district', S: 'region', Z: 'postalCode' } as const;

const isFieldLetter = (letter: string): letter is keyof typeof FIELDS => letter in FIELDS;

/** Text is NFC with single blanks; blank text is no text. */
function tidy(text: string | null): string | null {
  const clean = text?.normalize('NFC').replace(/\s+/g, ' ').trim();
  return clean ? clean : null;
}

function tidyAll(input: AddressFields): AddressFields {
  return {
    label: tidy(input.label),
    recipient: tidy(input.recipient) ?? '',
    organization: tidy(input.organization),
    line1: tidy(input.line1) ?? '',
    line2: tidy(input.line2),
    line3: tidy(input.line3),
    district: tidy(input.district),
    city: tidy(input.city),
    region: tidy(input.region),
    postalCode: tidy(input.postalCode),
    country: input.country.trim().toUpperCase(),
    phone: input.phone.trim(),
  };
}

const BAD_PHONE: FieldIssue = {
  path: 'phone',
  message:
    'not a valid phone number: write it with its country code, such as +4930123456, and without an extension',
};

/** A number without `+` is read as one of the address's own country. */
function e164(phone: string, country: Country): string | undefined {
  const parsed = parsePhoneNumberFromString(phone, {
    extract: false,
    ...(isSupportedCountry(country) ? { defaultCountry: country } : {}),
  });
  return parsed?.isValid() === true && parsed.ext === undefined ? parsed.number : undefined;
}

function missing(fields: AddressFields): FieldIssue[] {
  const issues: FieldIssue[] = fields.recipient === '' ? [{ path: 'recipient', message: 'is required' }] : [];
  for (const letter of new Set(`A${countryRule(fields.country).required}`)) {
    if (!isFieldLetter(letter)) throw new Error(`unknown field ${letter} in the rule of ${fields.country}`);
    const path = FIELDS[letter];
    if (!fields[path]) issues.push({ path, message: `is required in ${fields.country}` });
  }
  return issues;
}

function wrongPostalCode(country: Country, code: string | null): FieldIssue[] {
  if (code === null || isPostalCode(country, code)) return [];
  const { example } = countryRule(country);
  const like = example === undefined ? '' : `: one looks like ${example}`;
  return [{ path: 'postalCode', message: `not a postal code of ${country}${like}` }];
}

/**
 * The address with its parts in their written form: country in upper case, phone as E.164, postal code as the
 * country's post writes it.
 * @throws DomainError unknown_country, or validation_failed with every wrong field
 */
export function checkAddress(input: AddressFields): AddressFields {
  const fields = tidyAll(input);
  if (!isCountry(fields.country)) {
    throw new DomainError('unknown_country', 'use an ISO 3166-1 alpha-2 country code, such as DE', {
      issues: [
        { path: 'country', message: 'not an ISO 3166-1 alpha-2 country code', code: 'unknown_country' },
      ],
    });
  }
  const postalCode =
    fields.postalCode === null ? null : normalisePostalCode(fields.country, fields.postalCode);
  const phone = e164(fields.phone, fields.country);
  const issues = [
    ...missing({ ...fields, postalCode }),
    ...wrongPostalCode(fields.country, postalCode),
    ...(phone === undefined ? [BAD_PHONE] : []),
  ];
  if (phone === undefined || issues.length > 0) {
    throw new DomainError('validation_failed', `this is not a complete address in ${fields.country}`, {
      issues,
    });
  }
  return { ...fields, postalCode, phone };
}
