import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { ReceivedMessage } from '../../domain/eventstream/event-log.ts';
import type { Topic } from '../../domain/shared/event.ts';

export const toReceived = (topic: Topic, partition: number, message: KafkaMessage): ReceivedMessage => ({
  topic,
  partition,
  position: message.offset,
  key: message.key?.toString('utf8'),
  headers: stringHeaders(message.headers ?? {}),
  value: message.value?.toString('utf8') ?? '',
});

function stringHeaders(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const one = Array.isArray(value) ? value[0] : value;
      return one === undefined ? [] : [[name, one.toString()]];
    }),
  );
}
