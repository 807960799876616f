import { z } from 'zod';
import { defineJob } from '../shared/job.ts';

export const GiveBackOfOrder = defineJob({
  name: 'payments.give-back',
  queue: 'payments',
  summary: 'Tells the provider what was promised to the buyer of an order: attempts to void, refunds to make',
  data: z.strictObject({ orderId: z.string() }),
});
