import { z } from 'zod';
import type { OrderReturn } from '../../domain/returns/return.ts';
import { RETURN_STATUSES } from '../../domain/returns/return-machine.ts';
import { moneyJson } from '../../domain/shared/money.ts';
import { idField, MoneyView, pageParams, pageView, textField } from '../fields.ts';
import { PartyView, partyOf } from '../party.ts';

export const ReturnParams = z.strictObject({ id: idField });
export const ReturnListParams = z.strictObject({
  ...pageParams,
  status: z.enum(RETURN_STATUSES).exactOptional(),
});

const units = z.int().min(1).max(1_000_000);
const arrivals = z.int().min(0).max(1_000_000).default(0);

export const ReturnBody = z.strictObject({
  lines: z
    .array(z.strictObject({ lineId: idField, quantity: units, reason: textField(200) }))
    .min(1)
    .max(100),
});
export const ReturnReasonBody = z.strictObject({ reason: textField(500).exactOptional() }).optional();
export const ReceiveBody = z.strictObject({
  lines: z
    .array(z.strictObject({ lineId: idField, restock: arrivals, writeOff: arrivals }))
    .min(1)
    .max(100)
    .meta({ description: 'What arrived, by what becomes of it; a line that is not named did not arrive' }),
});

export const ReturnView = z
  .object({
    id: z.string(),
    orderId: z.string(),
    status: z.enum(RETURN_STATUSES),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    refundedAmount: MoneyView.nullable().meta({
      description:
        'what was ordered to go back; less than the lines are worth where less was left of the payment',
    }),
    lines: z.array(
      z.object({
        lineId: z.string(),
        quantity: z.int(),
        reason: z.string(),
        restocked: z.int(),
        writtenOff: z.int(),
        amount: MoneyView.meta({ description: 'owed for what arrived' }),
      }),
    ),
    history: z.array(
      z.object({
        from: z.enum(RETURN_STATUSES).nullable(),
        to: z.enum(RETURN_STATUSES),
        actor: PartyView,
        reason: z.string().nullable(),
        at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'OrderReturn' });
export const ReturnPageView = pageView(ReturnView).meta({ id: 'OrderReturnPage' });

export const presentReturn = (subject: OrderReturn): z.input<typeof ReturnView> => ({
  id: subject.id,
  orderId: subject.orderId,
  status: subject.status,
  createdAt: subject.createdAt.toISOString(),
  updatedAt: subject.updatedAt.toISOString(),
  refundedAmount: subject.refunded === undefined ? null : moneyJson(subject.refunded),
  lines: subject.lines.map(({ orderLineId, amount, quantity, reason, restocked, writtenOff }) => ({
    lineId: orderLineId,
    quantity,
    reason,
    restocked,
    writtenOff,
    amount: moneyJson(amount),
  })),
  history: subject.history.map(({ from, to, actor, reason, at }) => ({
    from: from ?? null,
    to,
    actor: partyOf(actor, subject.buyerId),
    reason: reason ?? null,
    at: at.toISOString(),
  })),
});
