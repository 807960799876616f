/** Told after every commit that appended events, or made some due. */
export const OUTBOX_SIGNAL = 'outbox';

/** Told after every commit that appended messages to the event log. */
export const EVENT_LOG_SIGNAL = 'event-log';
