import { z } from 'zod';
import { defineJob } from '../shared/job.ts';

export const SendOrderClaim = defineJob({
  name: 'notifications.send-order-claim',
  queue: 'notifications',
  summary: "Mails the token that gives a guest's order to an account",
  /** The token itself is no part of it: it is made when the mail is. */
  data: z.strictObject({ claimId: z.string() }),
});
