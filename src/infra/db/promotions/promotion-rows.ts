import type { Promotion, PromotionKind } from '../../../domain/promotions/promotion.ts';
import { type Money, type MoneyJson, moneyJson, parseMoney } from '../../../domain/shared/money.ts';
import {
  type RawBoolean,
  type RawDate,
  type RawJson,
  type SqlParam,
  toBool,
  toJson,
  toOptionalDate,
} from '../values.ts';

export interface PromotionRow {
  id: string;
  name: string;
  code: string | null;
  kind: PromotionKind;
  basis_points: number | null;
  amounts: RawJson;
  minimums: RawJson;
  starts_at: RawDate | null;
  ends_at: RawDate | null;
  total_limit: number | null;
  per_customer_limit: number | null;
  redeemed: number;
  active: RawBoolean;
  version: number;
}

/** What staff change. */
const TERMS = [
  'name',
  'code',
  'kind',
  'basis_points',
  'amounts',
  'minimums',
  'starts_at',
  'ends_at',
  'total_limit',
  'per_customer_limit',
  'active',
] as const;

export const PROMOTION_COLUMNS = ['id', ...TERMS, 'redeemed', 'version', 'updated_at'] as const;

/** For SELECTs with the alias `p`. */
export const PROMOTION_SELECT = ['id', ...TERMS, 'redeemed', 'version'].map((c) => `p.${c}`).join(', ');
export const SET_TERMS = TERMS.map((column) => `${column} = ?`).join(', ');

const moneysJson = (values: readonly Money[]): string => JSON.stringify(values.map(moneyJson));
const toMoneys = (raw: RawJson): Money[] => (toJson(raw) as MoneyJson[]).map(parseMoney);

export const termsParams = (p: Promotion): SqlParam[] => [
  p.name,
  p.code,
  p.kind,
  p.basisPoints,
  moneysJson(p.amounts),
  moneysJson(p.minimums),
  p.startsAt,
  p.endsAt,
  p.totalLimit,
  p.perCustomerLimit,
  p.active,
];

export const promotionParams = (p: Promotion, at: Date): SqlParam[] => [
  p.id,
  ...termsParams(p),
  p.redeemed,
  p.version,
  at,
];

export const toPromotion = (row: PromotionRow): Promotion => ({
  id: row.id,
  name: row.name,
  code: row.code ?? undefined,
  kind: row.kind,
  basisPoints: row.basis_points ?? undefined,
  amounts: toMoneys(row.amounts),
  minimums: toMoneys(row.minimums),
  startsAt: toOptionalDate(row.starts_at),
  endsAt: toOptionalDate(row.ends_at),
  totalLimit: row.total_limit ?? undefined,
  perCustomerLimit: row.per_customer_limit ?? undefined,
  redeemed: row.redeemed,
  active: toBool(row.active),
  version: row.version,
});
