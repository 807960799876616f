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
  headers: stringRecord(toJson(row.headers)),
  value: JSON.stringify(toJson(row.value)),
});

const stringRecord = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(value as object).map(([name, text]) => [name, String(text)]));
