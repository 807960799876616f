import type { ReceivedMessage } from '../../domain/eventstream/event-log.ts';
import type { Topic } from '../../domain/shared/event.ts';
import { type RawInteger, type RawJson, toJson } from '../db/values.ts';

export interface MessageRow {
  position: RawInteger;
  message_key: string;
  headers: RawJson;
  value: RawJson;
}

export const toReceived = (topic: Topic, row: MessageRow): ReceivedMessage => ({
  topic,
  partition: 0,
  position: String(row.position),
  key: row.message_key,
  headers: headersOf(row.headers),
  value: textOf(row.value),
});

/** A row that somebody wrote by hand may hold anything: the consumer says what is wrong with it. */
const textOf = (value: RawJson): string => (typeof value === 'string' ? value : JSON.stringify(value));

function headersOf(raw: RawJson): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(Object(toJson(raw)) as object).map(([name, text]) => [name, String(text)]),
    );
  } catch {
    return {};
  }
}
