import { Kafka, logLevel, type RetryOptions, type SASLOptions } from 'kafkajs';
import type { Log } from '../../domain/shared/log.ts';
import { registerCodecs } from './kafka-codecs.ts';
import { quietIdleTimer } from './kafka-idle-timer.ts';
import type { KafkaSettings } from './kafka-settings.ts';

/** What a kafkajs connection waits for a broker, in milliseconds. */
const CONNECT_TIMEOUT = 3000;

export function kafkaClient(settings: KafkaSettings, log: Log): Kafka {
  registerCodecs();
  quietIdleTimer();
  return new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ssl: settings.ssl,
    ...(settings.sasl === undefined ? {} : { sasl: saslOptions(settings.sasl) }),
    connectionTimeout: CONNECT_TIMEOUT,
    requestTimeout: settings.sendTimeoutSeconds * 1000,
    enforceRequestTimeout: true,
    // Few and quick: what fails here is tried again by the outbox, or by the subscription.
    retry: quickRetries(settings.retries),
    logLevel: logLevel.WARN,
    // Its own retries are not news: what fails for good is thrown, and logged once by who catches it.
    logCreator: () => (entry) => {
      log.debug({ ...entry.log, source: 'kafkajs' }, entry.log.message);
    },
  });
}

export const quickRetries = (retries: number): RetryOptions => ({
  retries,
  initialRetryTime: 100,
  maxRetryTime: 1000,
});

function saslOptions({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}
