import { z } from 'zod';
import {
  ELSEWHERE,
  SHIPPING_BASES,
  type ShippingMethod,
  type ShippingRate,
} from '../../domain/shipping/shipping.ts';
import type { MethodInput } from '../../domain/use-cases/manage-shipping.ts';
import { versionField } from '../catalog/product-input.schema.ts';
import { codeField, countryField, currencyField, idField, patchOf, plainText } from '../fields.ts';

export const ShippingParams = z.strictObject({ id: idField });

const zoneFields = {
  code: codeField,
  name: plainText(120),
  countries: z
    .array(z.union([z.literal(ELSEWHERE), countryField]))
    .max(260)
    .meta({ description: '`*` is every country that has no zone of its own' }),
};
export const ZoneBody = z.strictObject(zoneFields);
export const ZonePatch = z.strictObject({ ...patchOf(zoneFields), version: versionField });
export const ZoneView = z
  .object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    countries: z.array(z.string()),
    version: z.int(),
  })
  .meta({ id: 'ShippingZone' });

const minorUnits = z.string().regex(/^\d{1,15}$/, 'whole minor units, such as 490');
const BandBody = z.strictObject({
  upTo: z
    .string()
    .regex(/^\d{1,15}$/, 'a whole number')
    .nullable()
    .default(null)
    .meta({ description: 'Grams, or minor units of the value; null in the last band: whatever is more' }),
  price: minorUnits,
});
const RateBody = z.strictObject({
  currency: currencyField,
  freeOver: minorUnits
    .nullable()
    .default(null)
    .meta({ description: 'Goods worth this much, before discounts, ship for nothing' }),
  bands: z.array(BandBody).min(1).max(50),
});
const days = z.int().min(0).max(365).nullable();
const methodFields = {
  zoneId: idField,
  code: codeField,
  name: plainText(120),
  basis: z
    .enum(SHIPPING_BASES)
    .meta({ description: 'What the bands measure: weight, or value of the goods' }),
  minDays: days,
  maxDays: days,
  position: z.int().min(0).max(1_000_000),
  active: z.boolean(),
  rates: z.array(RateBody).min(1).max(50),
};
export const MethodBody = z.strictObject({
  ...methodFields,
  minDays: days.default(null),
  maxDays: days.default(null),
  position: methodFields.position.default(0),
  active: methodFields.active.default(true),
});
export const MethodPatch = z.strictObject({ ...patchOf(methodFields), version: versionField });
export const MethodView = z
  .object({
    id: z.string(),
    zoneId: z.string(),
    code: z.string(),
    name: z.string(),
    basis: z.enum(SHIPPING_BASES),
    minDays: z.int().nullable(),
    maxDays: z.int().nullable(),
    position: z.int(),
    active: z.boolean(),
    rates: z.array(
      z.object({
        currency: z.string(),
        freeOver: z.string().nullable(),
        bands: z.array(z.object({ upTo: z.string().nullable(), price: z.string() })),
      }),
    ),
    version: z.int(),
  })
  .meta({ id: 'ShippingMethod' });

const toAmount = (text: string | null): bigint | undefined => (text === null ? undefined : BigInt(text));

const toRates = (rates: readonly z.output<typeof RateBody>[]): ShippingRate[] =>
  rates.map(({ currency, freeOver, bands }) => ({
    currency,
    freeOver: toAmount(freeOver),
    bands: bands.map(({ upTo, price }) => ({ upTo: toAmount(upTo), price: BigInt(price) })),
  }));

export const toMethodInput = (body: z.output<typeof MethodBody>): MethodInput => ({
  ...body,
  minDays: body.minDays ?? undefined,
  maxDays: body.maxDays ?? undefined,
  rates: toRates(body.rates),
});

export const toMethodChange = ({
  minDays,
  maxDays,
  rates,
  ...rest
}: Omit<z.output<typeof MethodPatch>, 'version'>): Partial<MethodInput> => ({
  ...rest,
  ...(minDays === undefined ? {} : { minDays: minDays ?? undefined }),
  ...(maxDays === undefined ? {} : { maxDays: maxDays ?? undefined }),
  ...(rates === undefined ? {} : { rates: toRates(rates) }),
});

export const presentMethod = (method: ShippingMethod): z.input<typeof MethodView> => ({
  ...method,
  minDays: method.minDays ?? null,
  maxDays: method.maxDays ?? null,
  rates: method.rates.map(({ currency, freeOver, bands }) => ({
    currency,
    freeOver: freeOver?.toString() ?? null,
    bands: bands.map(({ upTo, price }) => ({ upTo: upTo?.toString() ?? null, price: price.toString() })),
  })),
});
