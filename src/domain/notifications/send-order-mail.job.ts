import { z } from 'zod';
import { defineJob } from '../shared/job.ts';
import { ORDER_MAILS } from './order-mail.ts';

export const SendOrderMail = defineJob({
  name: 'notifications.send-order-mail',
  queue: 'notifications',
  summary: 'Tells the customer by e-mail what happened to an order',
  data: z.strictObject({
    kind: z.enum(ORDER_MAILS),
    orderId: z.string(),
    /** The event that is told: the same one never makes two different mails. */
    eventId: z.string(),
    tracking: z
      .strictObject({ carrier: z.string(), trackingNumber: z.string(), trackingUrl: z.string().nullable() })
      .optional(),
    /** What went back to the buyer, in minor units. */
    refund: z.strictObject({ amount: z.string(), currency: z.string() }).optional(),
  }),
});
