import type { PromotionReadModel } from '../../domain/promotions/promotion.store.ts';
import { notFound } from '../../domain/shared/errors.ts';
import type { ManagePromotions } from '../../domain/use-cases/manage-promotions.ts';
import { type Route, route } from '../route.ts';
import {
  PromotionBody,
  PromotionListParams,
  PromotionPageView,
  PromotionParams,
  PromotionPatch,
  PromotionView,
  presentPromotion,
  toPromotionChange,
  toPromotionInput,
} from './promotion.schema.ts';

const common = { tags: ['promotions: staff'], auth: 'staff' } as const;

/** What staff do with promotions. */
export const promotionRoutes = (promotions: PromotionReadModel, manage: ManagePromotions): Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/promotions',
    summary: 'Coupons and automatic promotions, the newest first',
    query: PromotionListParams,
    reply: { status: 200, schema: PromotionPageView },
    errors: ['invalid_cursor'],
    handle: async ({ query }) => {
      const page = await promotions.page(query);
      return { ...page, items: page.items.map(presentPromotion) };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/promotions/{id}',
    summary: 'One promotion',
    params: PromotionParams,
    reply: { status: 200, schema: PromotionView },
    handle: async ({ params }) => {
      const promotion = await promotions.find(params.id);
      if (promotion === undefined) throw notFound('promotion');
      return presentPromotion(promotion);
    },
  }),
  route({
    ...common,
    method: 'post',
    path: '/promotions',
    summary: 'Add a coupon, or a promotion that applies by itself',
    description:
      'Of the automatic ones that apply, the one that saves most counts; one coupon counts on top.',
    idempotent: true,
    body: PromotionBody,
    reply: { status: 201, schema: PromotionView },
    errors: ['already_exists', 'unknown_currency'],
    handle: async ({ actor, body, once }) =>
      presentPromotion(await manage.create(actor, toPromotionInput(body), once(presentPromotion))),
  }),
  route({
    ...common,
    method: 'patch',
    path: '/promotions/{id}',
    summary: 'Change a promotion; orders keep what they froze of it',
    params: PromotionParams,
    body: PromotionPatch,
    reply: { status: 200, schema: PromotionView },
    errors: ['version_conflict', 'already_exists', 'conflict', 'unknown_currency'],
    handle: async ({ actor, params, body: { version, ...change } }) =>
      presentPromotion(await manage.update(actor, params.id, version, toPromotionChange(change))),
  }),
  route({
    ...common,
    method: 'delete',
    path: '/promotions/{id}',
    summary: 'Delete a promotion that no order ever held',
    params: PromotionParams,
    reply: { status: 204 },
    errors: ['conflict'],
    handle: async ({ actor, params }) => {
      await manage.delete(actor, params.id);
      return undefined;
    },
  }),
];
