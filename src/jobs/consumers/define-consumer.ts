import { z } from 'zod';
import { PoisonMessage, type ReceivedEvent } from '../../domain/eventstream/cloud-event.ts';
import type { EventType } from '../../domain/shared/event.ts';
import type { EventEffect } from '../../domain/use-cases/consume-event.ts';
import type { Tx } from '../../domain/use-cases/tx.ts';

/** What one group does when an event of one type arrives. */
export interface Consumer {
  readonly group: string;
  readonly event: EventType<unknown>;
  readonly effect: EventEffect;
}

interface Definition<P> {
  readonly group: string;
  readonly event: EventType<P>;
  /** Runs once for each event, in the transaction that remembers that it ran. */
  readonly handle: (tx: Tx, event: ReceivedEvent, payload: P) => Promise<void>;
}

/** The effect throws PoisonMessage for a payload that does not fit the schema of its type. */
export const defineConsumer = <P>({ group, event, handle }: Definition<P>): Consumer => ({
  group,
  event,
  effect: async (tx, received) => {
    const payload = event.schema.safeParse(received.data);
    if (!payload.success) throw new PoisonMessage(`not a ${event.type}: ${z.prettifyError(payload.error)}`);
    await handle(tx, received, payload.data);
  },
});
