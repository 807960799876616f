import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import type { Database } from './tx.ts';

const MAX_SUBJECT = 120;

/** What somebody tries to do, as the audit log names it. */
export interface Attempt {
  readonly actor: Actor;
  readonly action: string;
  readonly subjects: readonly string[];
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
}

/**
 * Has `work` done, which puts what it does on record itself; that it failed, or was refused, goes on record too.
 * @throws what it threw, or DomainError unavailable when the database takes no record either
 */
export async function onRecord<T>(deps: Deps, attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof DomainError ? error.code : 'internal';
    await record(deps, attempt, { outcome: 'failed', reason });
    throw error;
  }
}

/** In a transaction of its own. */
export async function record(
  { db, clock }: Deps,
  { actor, action, subjects }: Attempt,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const entry = { at: clock.now(), actor: actorLabel(actor), action, details };
  await db.transaction(async (tx) => {
    for (const subject of subjects)
      await tx.audit.append({ ...entry, subject: subject.slice(0, MAX_SUBJECT) });
  });
}
