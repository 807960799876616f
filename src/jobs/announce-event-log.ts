import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../domain/shared/errors.ts';
import { errorFacts } from '../domain/shared/log.ts';
import type { WorkingApp } from './work.ts';

/** How long a start waits for the event log to answer, in milliseconds. */
const PATIENCE = 5000;

/**
 * Says at the start of a role whether the event log answers, and why not: the first event may be hours away. The role
 * goes on in any case, for a log that is away is asked again.
 */
export async function announceEventLog(app: WorkingApp): Promise<void> {
  const { eventLog } = await app.work();
  const { kind } = eventLog;
  const failed: unknown = await Promise.race([
    eventLog.ping().then(
      () => undefined,
      (error: unknown) => error,
    ),
    delay(
      PATIENCE,
      new DomainError('timeout', `no answer in ${PATIENCE / 1000} s: "crossborder doctor" says more`),
      {
        ref: false,
      },
    ),
  ]);
  if (failed === undefined) app.log.info({ kind }, 'the event log answers');
  else
    app.log.error(
      { ...errorFacts(failed), kind },
      'the event log cannot be reached: events wait until it is',
    );
}
