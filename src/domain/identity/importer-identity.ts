import { DomainError } from '../shared/errors.ts';

/** Countries whose customs want to know the person who imports, and the number they know that person by. */
export const KIND_BY_COUNTRY = {
  CN: 'cn_resident_id',
  BR: 'br_cpf',
  KR: 'kr_pccc',
} as const;

export const IDENTITY_COUNTRIES = ['CN', 'BR', 'KR'] as const;
export type IdentityCountry = (typeof IDENTITY_COUNTRIES)[number];
export const IDENTITY_KINDS = ['cn_resident_id', 'br_cpf', 'kr_pccc'] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];
export const IDENTITY_STATUSES = ['pending', 'verified', 'rejected'] as const;
export type IdentityStatus = (typeof IDENTITY_STATUSES)[number];
export type IdentityDecision = Exclude<IdentityStatus, 'pending'>;

/** A decision is final; whoever was rejected deletes the identity and submits it again. */
const NEXT: Readonly<Record<IdentityStatus, readonly IdentityStatus[]>> = {
  pending: ['verified', 'rejected'],
  verified: [],
  rejected: [],
};

/** What may be shown. The number itself is not part of it: it exists encrypted in its row, and nowhere else. */
export interface ImporterIdentity {
  readonly id: string;
  readonly userId: string;
  readonly country: IdentityCountry;
  readonly kind: IdentityKind;
  readonly fullName: string;
  readonly numberMasked: string;
  readonly status: IdentityStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What an order shows of the identity that it was placed with. */
export interface IdentityReference {
  readonly id: string;
  /** `deleted` with its account. */
  readonly status: IdentityStatus | 'deleted';
}

/** A new row: what may be shown, with the number sealed. */
export interface SealedIdentity extends ImporterIdentity {
  readonly numberEncrypted: string;
  /** Keyed hash of kind and number: equal for equal numbers, whoever submitted them. */
  readonly numberFingerprint: string;
}

/** People of one household share an account; more than this is no household. */
export const MAX_IDENTITIES = 20;

export function assertDecidable(from: IdentityStatus, to: IdentityDecision): void {
  if (!NEXT[from].includes(to)) {
    throw new DomainError('transition_not_allowed', `an identity that is ${from} cannot become ${to}`);
  }
}
