import type { FormerLog, SubscribeOptions, Subscription } from '../../domain/eventstream/event-log.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Wake } from '../../domain/shared/wake.ts';
import type { Work } from '../work.ts';

/** How often it is looked whether the former log is read to its end, in milliseconds. */
const LOOK = 250;

/**
 * Subscribes to the log in use, after what the group has not read yet of the one that was used before: so nothing is
 * skipped, and no newer event of an aggregate overtakes an older one, which would be dropped then.
 */
export async function subscribeInTurn(
  { eventLog, formerLog }: Pick<Work, 'eventLog' | 'formerLog'>,
  options: SubscribeOptions,
  log: Log,
): Promise<Subscription> {
  const unread = (await formerLog?.unread(options)) ?? 0;
  if (formerLog === undefined || unread === 0) return eventLog.subscribe(options);
  const { group } = options;
  log.warn({ group, unread }, 'events of the embedded log are handled first');
  const former = await formerLog.subscribe(options);
  const [stopping, wake] = [new AbortController(), new Wake()];
  const current = (async () => {
    while (!stopping.signal.aborted && (await holds(formerLog, options, log))) await wake.sleep(LOOK);
    // Its lease ends by itself where that cannot be stored now.
    await former.stop().catch((error: unknown) => {
      log.warn({ ...errorFacts(error), group }, 'the embedded log was not left in order');
    });
    if (stopping.signal.aborted) return undefined;
    log.info({ group }, 'the embedded log is read to its end');
    return eventLog.subscribe(options);
  })();
  return {
    stop: async () => {
      stopping.abort();
      wake.wake();
      await (await current)?.stop();
    },
  };
}

/** A database that gives no answer is asked again. */
async function holds(former: FormerLog, options: SubscribeOptions, log: Log): Promise<boolean> {
  try {
    return await former.holds(options);
  } catch (error) {
    log.debug(errorFacts(error), 'the embedded log gave no answer');
    return true;
  }
}
