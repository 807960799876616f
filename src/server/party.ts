import { z } from 'zod';

export const PartyView = z.enum(['customer', 'staff', 'system']);

/** Who did it, as far as it concerns the reader: no names of staff. @param actor as `actorLabel` writes it */
export function partyOf(actor: string, buyerId: string | undefined): z.input<typeof PartyView> {
  if (actor.startsWith('system:')) return 'system';
  return actor === 'guest' || actor === `user:${buyerId ?? ''}` ? 'customer' : 'staff';
}
