import type { AddressFields } from '../domain/addresses/address.ts';
import type { Locale } from '../domain/shared/locale.ts';
import { sampleId } from './sample-id.ts';
import type { SampleSource } from './sample-source.ts';

export interface SampleCustomer {
  readonly id: string;
  readonly email: string;
  /** Published with the sample: never on a shop that strangers reach. */
  readonly password: string;
  readonly displayName: string;
  readonly locale: Locale;
  readonly addressId: string;
  readonly address: AddressFields;
}

export const sampleCustomers = (source: SampleSource): SampleCustomer[] =>
  source.shop.customers.map(({ address, ...customer }) => ({
    ...customer,
    id: sampleId(`customer:${customer.email}`),
    addressId: sampleId(`address:${customer.email}`),
    address: { organization: null, line2: null, line3: null, ...address, district: address.district ?? null },
  }));
