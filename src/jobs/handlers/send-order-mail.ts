import { handlerOf } from '../../domain/jobs/job-runner.ts';
import { renderOrderMail } from '../../domain/notifications/render-order-mail.ts';
import { SendOrderMail } from '../../domain/notifications/send-order-mail.job.ts';
import { notFound } from '../../domain/shared/errors.ts';
import type { Work } from '../work.ts';

export const sendOrderMail = ({ orderMails, mailer }: Pick<Work, 'orderMails' | 'mailer'>) =>
  handlerOf(SendOrderMail, async ({ kind, orderId, eventId, tracking }) => {
    const order = await orderMails.find(orderId);
    if (order === undefined) throw notFound('order');
    // Guests need not leave an address, and deleted accounts have none.
    if (order.email === undefined) return;
    await mailer.send({
      to: order.email,
      messageKey: `order-${kind}.${eventId}`,
      ...renderOrderMail(kind, order, tracking),
    });
  });
