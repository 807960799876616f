import type { Actor } from '../domain/shared/actor.ts';

/** Who acts through a command: whoever may run it on this machine. */
export const OPERATOR: Actor = { type: 'system', name: 'cli' };
