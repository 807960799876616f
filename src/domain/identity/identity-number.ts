import type { IdentityKind } from './importer-identity.ts';

/** A submitted number after its checks: how it is stored, and how it is shown. */
export interface CheckedNumber {
  readonly number: string;
  readonly masked: string;
}

interface NumberRule {
  /** The written form: without blanks and punctuation, upper case. */
  readonly clean: (typed: string) => string;
  /** What is wrong with it, never quoting it. */
  readonly fault: (number: string, now: Date) => string | undefined;
  /** Characters left visible at the start and at the end. */
  readonly visible: readonly [number, number];
}

const RULES: Readonly<Record<IdentityKind, NumberRule>> = {
  cn_resident_id: { clean: (typed) => squeeze(typed, /\s/g), fault: cnResidentIdFault, visible: [3, 4] },
  br_cpf: { clean: (typed) => squeeze(typed, /[\s.-]/g), fault: cpfFault, visible: [3, 0] },
  kr_pccc: { clean: (typed) => squeeze(typed, /\s/g), fault: pcccFault, visible: [3, 3] },
};

/** @returns the checked number, or what is wrong with it in words that do not repeat it */
export function checkNumber(
  kind: IdentityKind,
  typed: string,
  now: Date,
): CheckedNumber | { readonly fault: string } {
  const rule = RULES[kind];
  const number = rule.clean(typed);
  const fault = rule.fault(number, now);
  return fault === undefined ? { number, masked: mask(number, rule.visible) } : { fault };
}

const squeeze = (typed: string, dropped: RegExp): string =>
  typed.normalize('NFKC').replace(dropped, '').toUpperCase();

function mask(number: string, [start, end]: readonly [number, number]): string {
  const tail = number.length - end;
  return number.slice(0, start) + '*'.repeat(tail - start) + number.slice(tail);
}

// GB 11643-1999: the weights are 2^(17-i) mod 11, the check character stands for the sum mod 11 (ISO 7064 MOD 11-2).
const CN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CN_CHECK = '10X98765432';

const sumOf = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0);

function cnResidentIdFault(number: string, now: Date): string | undefined {
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return 'a resident identity number has 17 digits and a digit or X';
  if (number[17] !== CN_CHECK[sumOf(number, CN_WEIGHTS) % 11])
    return 'the check character does not fit the number';
  return birthDateFault(number.slice(6, 14), now);
}

const CHINA_OFFSET_MS = 8 * 3600 * 1000;

/** `date` is YYYYMMDD; it may be today at the latest, as the calendar reads in China. */
function birthDateFault(date: string, now: Date): string | undefined {
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const at = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso || iso < '1880-01-01') {
    return 'the birth date in the number does not exist';
  }
  const today = new Date(now.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10);
  return iso > today ? 'the birth date in the number is in the future' : undefined;
}

/** Receita Federal: each check digit is 11 minus the weighted sum mod 11, and 0 where that is above 9. */
function cpfDigit(digits: string): number {
  const weights = Array.from({ length: digits.length }, (_, i) => digits.length + 1 - i);
  const rest = sumOf(digits, weights) % 11;
  return rest < 2 ? 0 : 11 - rest;
}

function cpfFault(number: string): string | undefined {
  if (!/^\d{11}$/.test(number)) return 'a CPF has 11 digits';
  if (/^(\d)\1{10}$/.test(number)) return 'a CPF of one repeated digit is never issued';
  const expected = `${cpfDigit(number.slice(0, 9))}${cpfDigit(number.slice(0, 10))}`;
  return number.slice(9) === expected ? undefined : 'the check digits do not fit the number';
}

/** Personal customs clearance code: it carries no check digit. */
function pcccFault(number: string): string | undefined {
  return /^P\d{12}$/.test(number) ? undefined : 'a personal customs clearance code is P and 12 digits';
}
