import { z } from 'zod';
import { PROMOTION_KINDS, type Promotion } from '../../domain/promotions/promotion.ts';
import { moneyJson, parseMoney } from '../../domain/shared/money.ts';
import type { PromotionInput } from '../../domain/use-cases/manage-promotions.ts';
import { versionField } from '../catalog/product-input.schema.ts';
import {
  couponField,
  currencyField,
  idField,
  MoneyView,
  pageParams,
  pageView,
  patchOf,
  plainText,
} from '../fields.ts';

export const PromotionParams = z.strictObject({ id: idField });
export const PromotionListParams = z.strictObject(pageParams);

const MoneyBody = z.strictObject({
  amount: z.string().regex(/^[1-9]\d{0,14}$/, 'whole minor units, such as 500'),
  currency: currencyField,
});
const moneys = z.array(MoneyBody).max(50);
const limit = z.int().min(1).max(1_000_000_000).nullable();
const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => !Number.isNaN(Date.parse(text)), 'not an instant')
  .nullable();

const fields = {
  name: plainText(120),
  code: couponField.nullable().meta({ description: 'What buyers type in; null: it applies by itself' }),
  kind: z.enum(PROMOTION_KINDS),
  basisPoints: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .meta({ description: 'Of a percentage: hundredths of a per cent, so 1000 is 10 %' }),
  amounts: moneys.meta({ description: 'Of a fixed amount: at most one per currency' }),
  minimums: moneys.meta({
    description: 'What the goods must be worth, per currency; with any, other currencies do not qualify',
  }),
  startsAt: instant,
  endsAt: instant,
  totalLimit: limit.meta({ description: 'Orders over all customers; can be changed, not added or removed' }),
  perCustomerLimit: limit.meta({ description: 'Orders of one customer' }),
  active: z.boolean(),
};

export const PromotionBody = z.strictObject({
  ...fields,
  code: fields.code.default(null),
  basisPoints: fields.basisPoints.default(null),
  amounts: fields.amounts.default([]),
  minimums: fields.minimums.default([]),
  startsAt: instant.default(null),
  endsAt: instant.default(null),
  totalLimit: fields.totalLimit.default(null),
  perCustomerLimit: fields.perCustomerLimit.default(null),
  active: fields.active.default(true),
});
export const PromotionPatch = z.strictObject({ ...patchOf(fields), version: versionField });

export const PromotionView = z
  .object({
    id: z.string(),
    name: z.string(),
    code: z.string().nullable(),
    kind: z.enum(PROMOTION_KINDS),
    basisPoints: z.int().nullable(),
    amounts: z.array(MoneyView),
    minimums: z.array(MoneyView),
    startsAt: z.iso.datetime().nullable(),
    endsAt: z.iso.datetime().nullable(),
    totalLimit: z.int().nullable(),
    perCustomerLimit: z.int().nullable(),
    redeemed: z.int().meta({ description: 'orders that hold it; counted under a total limit only' }),
    active: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'Promotion' });
export const PromotionPageView = pageView(PromotionView).meta({ id: 'PromotionPage' });

const orNothing = <T>(value: T | null): T | undefined => value ?? undefined;
const toDate = (text: string | null): Date | undefined => (text === null ? undefined : new Date(text));

export const toPromotionInput = (body: z.output<typeof PromotionBody>): PromotionInput => ({
  name: body.name,
  kind: body.kind,
  active: body.active,
  code: orNothing(body.code),
  basisPoints: orNothing(body.basisPoints),
  amounts: body.amounts.map(parseMoney),
  minimums: body.minimums.map(parseMoney),
  startsAt: toDate(body.startsAt),
  endsAt: toDate(body.endsAt),
  totalLimit: orNothing(body.totalLimit),
  perCustomerLimit: orNothing(body.perCustomerLimit),
});

/** A promotion as it is, in the words of a request: what a PATCH starts from. */
const toBody = (p: Promotion): z.output<typeof PromotionBody> => ({
  name: p.name,
  kind: p.kind,
  active: p.active,
  code: p.code ?? null,
  basisPoints: p.basisPoints ?? null,
  amounts: p.amounts.map(moneyJson),
  minimums: p.minimums.map(moneyJson),
  startsAt: p.startsAt?.toISOString() ?? null,
  endsAt: p.endsAt?.toISOString() ?? null,
  totalLimit: p.totalLimit ?? null,
  perCustomerLimit: p.perCustomerLimit ?? null,
});

/** The new terms, given the ones of this moment. */
export const toPromotionChange =
  (change: Omit<z.output<typeof PromotionPatch>, 'version'>) =>
  (before: Promotion): PromotionInput =>
    toPromotionInput({ ...toBody(before), ...change });

export const presentPromotion = (promotion: Promotion): z.input<typeof PromotionView> => ({
  ...toBody(promotion),
  id: promotion.id,
  redeemed: promotion.redeemed,
  version: promotion.version,
});
