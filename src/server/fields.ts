import { z } from 'zod';
import { isCountry } from '../domain/shared/country.ts';
import { isCurrency } from '../domain/shared/currency.ts';
import { LOCALES, type Locale, negotiateLocale } from '../domain/shared/locale.ts';

/** The wire's vocabulary: fields that mean the same in every feature. */
export const idField = z.uuid().meta({ description: 'UUID' });

export const currencyField = z
  .string()
  .refine(isCurrency, {
    error: 'not an ISO 4217 currency code, such as EUR',
    params: { code: 'unknown_currency' },
  })
  .meta({ description: 'ISO 4217 code', example: 'EUR', minLength: 3, maxLength: 3 });

export const countryField = z
  .string()
  .refine(isCountry, {
    error: 'not an assigned ISO 3166-1 alpha-2 code, such as DE',
    params: { code: 'unknown_country' },
  })
  .meta({ description: 'ISO 3166-1 alpha-2 code', example: 'DE', minLength: 2, maxLength: 2 });

/** What staff call something: in lists, exports and orders. */
export const codeField = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9-]{1,39}$/, '2 to 40 upper-case letters, digits and hyphens');

/** Read out, typed in and compared in upper case. */
export const couponField = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{2,39}$/, '3 to 40 letters, digits and hyphens')
  .meta({ description: 'A coupon code, in any case', example: 'SPRING-10' });

export const localeField = z.enum(LOCALES).meta({ description: 'Language; overrides Accept-Language' });

export const MoneyView = z
  .object({
    amount: z.string().meta({ description: 'minor units of the currency', example: '1999' }),
    currency: z.string().meta({ description: 'ISO 4217 code', example: 'EUR' }),
  })
  .meta({ id: 'Money', description: 'EUR 19.99 is {"amount":"1999","currency":"EUR"}' });

/** Visible text of 1 to `max` characters, blanks around it dropped. */
export const textField = (max: number) => z.string().trim().min(1).max(max);

/** The same, of one line: names and address parts end up on labels and in e-mail headers. */
export const plainText = (max: number) => textField(max).regex(/^\P{Cc}*$/u, 'no control characters');

/** `?flag=true` */
export const booleanParam = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The parameters of every list; `cursor` is the `nextCursor` of the page before. */
export const pageParams = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .min(1)
    .max(1000)
    .exactOptional()
    .meta({ description: '`nextCursor` of the page before' }),
};

export const pageView = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().exactOptional().meta({ description: 'absent on the last page' }),
  });

/** The language of an answer: `?lang`, else Accept-Language, else English. */
export const localeOf = (lang: Locale | undefined, acceptLanguage: string | undefined): Locale =>
  lang ?? negotiateLocale(acceptLanguage);

type Patch<S extends z.core.$ZodShape> = {
  [K in keyof S]: S[K] extends z.core.SomeType ? z.ZodExactOptional<S[K]> : never;
};

/** The fields of a PATCH: each may be absent, which leaves it as it is. */
export function patchOf<S extends Record<string, z.ZodType>>(shape: S): Patch<S> {
  const entries = Object.entries(shape).map(([name, field]) => [name, field.exactOptional()] as const);
  return Object.fromEntries(entries) as Patch<S>;
}
