import { errorFacts, type Log } from '../../domain/shared/log.ts';
import { Signals } from '../db/signals.ts';
import type { Connections } from '../db/sql.ts';
import type { RedisClient } from './redis.ts';

/** Calls back after a commit, of this process or of another, that signalled `topic`. @returns how to end that */
export interface SignalSource {
  onSignal(topic: string, listener: () => void): () => void;
}

/**
 * Carries the signals of commits between processes over Redis. They only save waiting: what they tell of is found
 * without them by polling, so that one which gets lost does no harm.
 */
export class RedisSignals implements SignalSource {
  readonly #local: Connections;
  readonly #remote = new Signals();
  readonly #redis: RedisClient;
  readonly #channel: string;
  readonly #log: Log;
  #subscriber: RedisClient | undefined;

  constructor(local: Connections, redis: RedisClient, scope: string, log: Log) {
    this.#local = local;
    this.#redis = redis;
    this.#channel = `${redis.options.keyPrefix ?? ''}crossborder:${scope}:signals`;
    this.#log = log;
  }

  /** Tells the others of this process's commits. */
  publish(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#local.onSignal(topic, () => {
        this.#redis.publish(this.#channel, topic).catch((error: unknown) => {
          this.#log.debug(errorFacts(error), 'other processes were not woken: they find the work by polling');
        });
      });
    }
  }

  onSignal(topic: string, listener: () => void): () => void {
    this.#subscribe();
    const ends = [this.#local.onSignal(topic, listener), this.#remote.on(topic, listener)];
    return () => {
      for (const end of ends) end();
    };
  }

  /** On a connection of its own, as Redis wants it; opened when someone listens. */
  #subscribe(): void {
    if (this.#subscriber !== undefined) return;
    const subscriber = this.#redis.duplicate();
    this.#subscriber = subscriber;
    subscriber.on('error', (error: unknown) => {
      this.#log.debug(errorFacts(error), 'no messages from redis: work is found by polling');
    });
    subscriber.on('message', (_: string, topic: string) => this.#remote.emit([topic]));
    // With every connection: one that failed at the start would not be made up for.
    subscriber.on('ready', () => {
      subscriber.subscribe(this.#channel).catch((error: unknown) => {
        this.#log.warn(errorFacts(error), 'no messages from redis: work is found by polling');
      });
    });
  }

  close(): void {
    this.#subscriber?.disconnect();
  }
}
