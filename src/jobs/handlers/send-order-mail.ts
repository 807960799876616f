import { handlerOf } from '../../domain/jobs/job-runner.ts';
import { renderOrderMail } from '../../domain/notifications/render-order-mail.ts';
import { SendOrderMail } from '../../domain/notifications/send-order-mail.job.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { notFound } from '../../domain/shared/errors.ts';
import { parseMoney } from '../../domain/shared/money.ts';
import type { Work } from '../work.ts';

export const sendOrderMail = ({ orderMails, mailer }: Pick<Work, 'orderMails' | 'mailer'>, clock: Clock) =>
  handlerOf(SendOrderMail, async ({ kind, orderId, eventId, tracking, refund }) => {
    const order = await orderMails.find(orderId);
    if (order === undefined) throw notFound('order');
    // Guests need not leave an address, and deleted accounts have none.
    if (order.email === undefined) return;
    // The warning was planned when the order was placed: since then it may have been paid, or be over.
    if (kind === 'expiring' && !(order.unpaid && clock.now() < order.expiresAt)) return;
    await mailer.send({
      to: order.email,
      messageKey: `order-${kind}.${eventId}`,
      ...renderOrderMail(kind, order, { tracking, refund: refund && parseMoney(refund) }),
    });
  });
