import { Cron } from 'croner';
import { DomainError } from '../shared/errors.ts';

/**
 * The first tick strictly after `after`.
 * @throws DomainError validation_failed when the expression or the zone is wrong, or it never fires
 */
export function nextTick(cron: string, timezone: string, after: Date): Date {
  let next: Date | null;
  try {
    next = new Cron(cron, { timezone, paused: true }).nextRun(after);
  } catch (error) {
    throw new DomainError('validation_failed', `cron "${cron}" in ${timezone}: ${String(error)}`, {
      cause: error,
    });
  }
  if (next === null) throw new DomainError('validation_failed', `cron "${cron}" never fires`);
  return next;
}
