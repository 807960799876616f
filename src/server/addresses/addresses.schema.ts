import { z } from 'zod';
import type { Address } from '../../domain/addresses/address.ts';
import { formatAddress } from '../../domain/addresses/format-address.ts';
import { countryField, patchOf, plainText } from '../fields.ts';

/** An absent part, null and blank text mean the same; which parts a country needs is the domain's to say. */
const optionalText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'no control characters')
    .nullable();

const fields = {
  label: optionalText(60),
  recipient: plainText(100),
  organization: optionalText(100),
  line1: plainText(120),
  line2: optionalText(120),
  line3: optionalText(120),
  district: optionalText(100).meta({ description: 'dependent locality, such as 区 or bairro' }),
  city: optionalText(100),
  region: optionalText(100).meta({ description: 'state, province, prefecture or emirate' }),
  postalCode: optionalText(20),
  country: countryField,
  phone: z.string().min(3).max(40).meta({ description: 'stored as E.164', example: '+4930123456' }),
};

const optional = patchOf(fields);

/** What an address is made of besides what it must have. */
export const NO_PARTS = {
  label: null,
  organization: null,
  line2: null,
  line3: null,
  district: null,
  city: null,
  region: null,
  postalCode: null,
} as const;

export const AddressBody = z.strictObject({
  ...optional,
  recipient: fields.recipient,
  line1: fields.line1,
  country: fields.country,
  phone: fields.phone,
  isDefault: z.boolean().default(false),
});

export const AddressPatch = z
  .strictObject({ ...optional, isDefault: z.boolean().exactOptional() })
  .refine((body) => Object.keys(body).length > 0, 'give at least one field to change');

const text = z.string().nullable();

export const AddressView = z
  .object({
    id: z.string(),
    label: text,
    recipient: z.string(),
    organization: text,
    line1: z.string(),
    line2: text,
    line3: text,
    district: text,
    city: text,
    region: text,
    postalCode: text,
    country: z.string(),
    phone: z.string(),
    isDefault: z.boolean(),
    lines: z
      .array(z.string())
      .meta({ description: "the label, in the order and with the punctuation of the address's own country" }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Address' });

export const AddressListView = z.object({ items: z.array(AddressView) }).meta({ id: 'AddressList' });

export const presentAddress = (address: Address): z.input<typeof AddressView> => ({
  id: address.id,
  label: address.label,
  recipient: address.recipient,
  organization: address.organization,
  line1: address.line1,
  line2: address.line2,
  line3: address.line3,
  district: address.district,
  city: address.city,
  region: address.region,
  postalCode: address.postalCode,
  country: address.country,
  phone: address.phone,
  isDefault: address.isDefault,
  lines: formatAddress(address),
  createdAt: address.createdAt.toISOString(),
  updatedAt: address.updatedAt.toISOString(),
});
