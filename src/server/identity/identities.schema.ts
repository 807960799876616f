import { z } from 'zod';
import {
  IDENTITY_COUNTRIES,
  IDENTITY_KINDS,
  IDENTITY_STATUSES,
  type ImporterIdentity,
} from '../../domain/identity/importer-identity.ts';
import { countryField, pageParams, pageView, plainText } from '../fields.ts';

export const IdentityBody = z.strictObject({
  country: countryField.pipe(z.enum(IDENTITY_COUNTRIES, 'only CN, BR and KR ask for an importer identity')),
  fullName: plainText(100).meta({ description: 'as in the document' }),
  number: z.string().min(1).max(40).meta({
    description: 'CN: resident identity number; BR: CPF; KR: personal customs clearance code (PCCC)',
  }),
});

export const DecisionBody = z.strictObject({ status: z.enum(['verified', 'rejected']) });

export const StaffIdentityParams = z.strictObject({
  ...pageParams,
  status: z.enum(IDENTITY_STATUSES).default('pending'),
});

const fields = {
  id: z.string(),
  country: z.enum(IDENTITY_COUNTRIES),
  kind: z.enum(IDENTITY_KINDS),
  fullName: z.string(),
  numberMasked: z.string().meta({ example: '110***********002X' }),
  status: z.enum(IDENTITY_STATUSES),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};

export const IdentityView = z.object(fields).meta({ id: 'Identity' });
export const IdentityListView = z.object({ items: z.array(IdentityView) }).meta({ id: 'IdentityList' });
export const StaffIdentityView = z.object({ ...fields, userId: z.string() }).meta({ id: 'StaffIdentity' });
export const StaffIdentityPageView = pageView(StaffIdentityView).meta({ id: 'StaffIdentityPage' });

/** Field by field: what a use case carries beside these must never slip into an answer. */
export const presentIdentity = (identity: ImporterIdentity): z.input<typeof IdentityView> => ({
  id: identity.id,
  country: identity.country,
  kind: identity.kind,
  fullName: identity.fullName,
  numberMasked: identity.numberMasked,
  status: identity.status,
  createdAt: identity.createdAt.toISOString(),
  updatedAt: identity.updatedAt.toISOString(),
});

export const presentStaffIdentity = (identity: ImporterIdentity): z.input<typeof StaffIdentityView> => ({
  ...presentIdentity(identity),
  userId: identity.userId,
});
