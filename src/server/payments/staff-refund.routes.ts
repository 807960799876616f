import type { PaymentReadModel } from '../../domain/payments/payment.store.ts';
import type { AttendRefund } from '../../domain/use-cases/attend-refund.ts';
import { type Route, route } from '../route.ts';
import { presentStaffRefund } from './payment.present.ts';
import {
  CloseRefundBody,
  PaymentParams,
  RefundListParams,
  RefundPageView,
  StaffRefundView,
} from './payment.schema.ts';

interface Ports {
  readonly payments: PaymentReadModel;
  readonly attendRefund: AttendRefund;
}

const staff = { tags: ['payments: staff'], auth: 'staff' } as const;
const step = { ...staff, method: 'post', idempotent: true, params: PaymentParams } as const;

/** Refunds of all orders, and what is done about those that failed. */
export const staffRefundRoutes = ({ payments, attendRefund }: Ports): Route[] => [
  route({
    ...staff,
    method: 'get',
    path: '/staff/refunds',
    summary: "Everybody's refunds, newest first",
    description: '`attention=true`: those that failed, and that nobody has looked after yet.',
    query: RefundListParams,
    reply: { status: 200, schema: RefundPageView },
    errors: ['invalid_cursor'],
    handle: async ({ query: { status, attention, ...page } }) => {
      const found = await payments.refunds({ status, attention }, page);
      return { ...found, items: found.items.map(presentStaffRefund) };
    },
  }),
  route({
    ...step,
    path: '/refunds/{id}/retry',
    summary: 'Make a refund that failed again, as another refund',
    description: 'Of its amount, or of what is left of the payment where that is less.',
    reply: { status: 201, schema: StaffRefundView },
    errors: ['transition_not_allowed', 'refund_exceeds_capture'],
    handle: async ({ actor, params, once }) =>
      presentStaffRefund(await attendRefund.retry(actor, params.id, once(presentStaffRefund))),
  }),
  route({
    ...step,
    path: '/refunds/{id}/close',
    summary: 'Say that nothing is to be done any more about a refund that failed, and why',
    description: 'It was given back in another way, or is not owed any more. The ledger stays as it is.',
    body: CloseRefundBody,
    reply: { status: 200, schema: StaffRefundView },
    errors: ['transition_not_allowed'],
    handle: async ({ actor, params, body, once }) => {
      const request = { refundId: params.id, note: body.note };
      return presentStaffRefund(await attendRefund.close(actor, request, once(presentStaffRefund)));
    },
  }),
];
