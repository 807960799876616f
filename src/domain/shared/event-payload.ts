import { z } from 'zod';
import type { MoneyJson } from './money.ts';

/** Building blocks of event payloads: JSON values only. */
export const moneyPayload: z.ZodType<MoneyJson> = z.object({
  amount: z.string().regex(/^-?\d+$/),
  currency: z.string().length(3),
});

/** An instant as ISO 8601 text, UTC. */
export const instantPayload = z.iso.datetime();
