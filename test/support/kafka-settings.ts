import type { KafkaSettings } from '../../src/infra/events/kafka-settings.ts';
import type { Services } from './services.ts';

/** Those of a test with topics of its own, on the brokers of the services. */
export const kafkaSettings = (
  { env }: Services,
  changes: Partial<KafkaSettings> & Pick<KafkaSettings, 'retries'>,
): KafkaSettings => ({
  brokers: (env.KAFKA_BOOTSTRAP_SERVERS ?? '').split(','),
  clientId: env.KAFKA_CLIENT_ID ?? '',
  ordersTopic: env.KAFKA_ORDERS_TOPIC ?? '',
  stockTopic: env.KAFKA_STOCK_TOPIC ?? '',
  idempotence: true,
  acks: -1,
  compression: 'gzip',
  ssl: false,
  sendTimeoutSeconds: 10,
  ...changes,
});
