import { setTimeout as delay } from 'node:timers/promises';
import { fromMessage, PoisonMessage, type ReceivedEvent } from '../../domain/eventstream/cloud-event.ts';
import type { ReceivedMessage } from '../../domain/eventstream/event-log.ts';
import { backoffDelay } from '../../domain/shared/backoff.ts';
import { runInContext } from '../../domain/shared/context.ts';
import { isUnavailable } from '../../domain/shared/errors.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import type { ConsumeEvent } from '../../domain/use-cases/consume-event.ts';
import type { Consumer } from './define-consumer.ts';

interface Deps {
  readonly group: string;
  readonly consumers: readonly Consumer[];
  /** Every event type there is: a group passes over those that it has no consumer for. */
  readonly knownTypes: ReadonlySet<string>;
  readonly consumeEvent: ConsumeEvent;
  readonly log: Log;
}

const RETRY = { base: 200, ceiling: 30_000 };
/** Failures of an effect. That something is away is none: it says nothing of the message. */
const MAX_FAILURES = 5;

/** Comes where partitions were added while the group was behind: an aggregate's events lie in two of them. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';

  constructor({ aggregateType, aggregateId, sequence }: ReceivedEvent) {
    super(
      `the group went past event ${sequence} of ${aggregateType} ${aggregateId} before it came: replay it if its effect may follow that of later ones`,
    );
  }
}

/** Handles the messages of one group: each once, and one that cannot be handled is buried, so that others follow. */
export class GroupConsumer {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws the abort reason when the worker stops before the message is handled: it comes again */
  async handle(message: ReceivedMessage, signal: AbortSignal): Promise<void> {
    let failures = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#apply(message);
        return;
      } catch (error) {
        if (!isUnavailable(error)) failures++;
        if (await this.#buried(message, error, failures)) return;
        const { group, log } = this.#deps;
        const { topic, partition, position } = message;
        log.warn(
          { ...errorFacts(error), group, topic, partition, position, attempt },
          'an event was not handled yet',
        );
        await delay(backoffDelay(RETRY, attempt, Math.random()), undefined, { signal });
      }
    }
  }

  async #apply(message: ReceivedMessage): Promise<void> {
    const event = fromMessage(message);
    const { group, consumers, knownTypes, consumeEvent, log } = this.#deps;
    if (!knownTypes.has(event.type)) throw new PoisonMessage(`unknown event type ${event.type}`);
    const consumer = consumers.find((c) => c.event.type === event.type);
    if (consumer === undefined) return;
    const applied = await runInContext(contextOf(event), () =>
      consumeEvent.apply(group, event, consumer.effect),
    );
    if (applied === 'overtaken') throw new Overtaken(event);
    if (applied === 'forgotten')
      log.warn({ group, event: event.id }, 'an event came that may have been handled long ago: dropped');
  }

  /** @returns false when the message deserves another try */
  async #buried(message: ReceivedMessage, error: unknown, failures: number): Promise<boolean> {
    if (isUnavailable(error)) return false;
    if (!isFinal(error) && failures < MAX_FAILURES) return false;
    const { group, consumeEvent, log } = this.#deps;
    const { topic, partition, position, key, headers, value } = message;
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : 'not an error';
    try {
      await consumeEvent.bury(
        {
          ...{ group, topic, partition, position, key, headers, value, cause },
          eventId: headers.id,
          eventType: headers.type,
        },
        error instanceof PoisonMessage ? undefined : fromMessage(message),
      );
    } catch (failure) {
      log.error(errorFacts(failure), 'a dead letter could not be stored');
      return false;
    }
    log.error(
      { ...errorFacts(error), group, topic, partition, position },
      'an event cannot be handled: buried',
    );
    return true;
  }
}

/** Whatever no number of tries will change. */
const isFinal = (error: unknown): boolean => error instanceof PoisonMessage || error instanceof Overtaken;

const contextOf = ({ id, correlationId, traceparent }: ReceivedEvent) => ({
  correlationId: correlationId ?? id,
  ...(traceparent === undefined ? {} : { traceparent }),
});
