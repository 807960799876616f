import { z } from 'zod';
import { defineJob } from '../shared/job.ts';

export const SendLowStock = defineJob({
  name: 'notifications.send-low-stock',
  queue: 'notifications',
  summary: 'Tells staff that a stock level fell to its threshold',
  data: z.strictObject({
    eventId: z.string(),
    stockLevelId: z.string(),
    available: z.int().nonnegative(),
    threshold: z.int().positive(),
  }),
});
