import type { Country } from '../shared/country.ts';

/** Where something is sent, as entered and checked. Absent parts are null, never ''. */
export interface AddressFields {
  /** What the owner calls it: "Home". */
  readonly label: string | null;
  readonly recipient: string;
  readonly organization: string | null;
  readonly line1: string;
  readonly line2: string | null;
  readonly line3: string | null;
  /** Dependent locality: 区 in China, bairro in Brazil, townland in Ireland. */
  readonly district: string | null;
  readonly city: string | null;
  /** Administrative area: state, province, prefecture, emirate. */
  readonly region: string | null;
  /** As the country writes it, upper case. */
  readonly postalCode: string | null;
  readonly country: Country;
  /** E.164: `+4930123456`. */
  readonly phone: string;
}

export interface Address extends AddressFields {
  readonly id: string;
  readonly userId: string;
  /** Exactly one of a user's addresses is the default, whenever there is any. */
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** More is no address book but a store of other people's data. */
export const MAX_ADDRESSES = 50;
