import type { EventLog, TopicState } from './event-log.ts';

/**
 * Beyond the retention time of a topic: Kafka deletes a segment as a whole, which by default is a week long, and a
 * day is for clocks and for who is late.
 */
const MARGIN_DAYS = 8;

export const KEPT_FOR_EVER =
  'messages are kept for ever, so consumers remember every event for ever: set retention.ms of the topic unless you mean that';

/** Days that consumers must remember what they handled while a topic can still be read again; Infinity: for ever. */
export const daysToRemember = (topics: readonly Pick<TopicState, 'retentionDays'>[]): number =>
  Math.max(...topics.map(({ retentionDays }) => (retentionDays ?? Number.POSITIVE_INFINITY) + MARGIN_DAYS));

/**
 * How long the log makes consumers remember. The embedded one: not at all, it is read by offsets of the same database.
 * @throws DomainError unavailable
 */
export const memoryOf = async (log: Pick<EventLog, 'kind' | 'ensureTopics'>): Promise<number> =>
  log.kind === 'local' ? 0 : Math.ceil(daysToRemember(await log.ensureTopics()));
