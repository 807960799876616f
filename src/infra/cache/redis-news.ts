import { createHash } from 'node:crypto';
import { newId } from '../../domain/shared/ids.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';
import type { RedisClient } from './redis.ts';

/**
 * Carries "something was committed" between the processes of one shop. A hint only: it may come twice, or never
 * while Redis is away, so whoever listens polls as well.
 */
export class RedisNews {
  readonly #redis: RedisClient;
  readonly #channel: string;
  readonly #log: Log;
  readonly #self = newId();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #told = new Set<string>();
  #subscriber: RedisClient | undefined;

  /** @param shop what tells this shop's database from others on the same Redis */
  constructor(redis: RedisClient, shop: string, log: Log) {
    this.#redis = redis;
    this.#channel = `news:${createHash('sha256').update(shop).digest('base64url').slice(0, 22)}`;
    this.#log = log;
  }

  /** Tells the other processes. Many at once become one message. */
  readonly tell = (topic: string): void => {
    if (this.#told.has(topic)) return;
    this.#told.add(topic);
    setImmediate(() => {
      this.#told.delete(topic);
      // ioredis reports every lost connection by itself.
      void this.#redis.publish(this.#channel, `${this.#self} ${topic}`).catch(() => undefined);
    });
  };

  /** Calls back when another process told of `topic`. @returns how to end that */
  on(topic: string, listener: () => void): () => void {
    this.#subscriber ??= this.#subscribe();
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  #subscribe(): RedisClient {
    // A connection that subscribes can do nothing else; it subscribes again by itself after every loss.
    const subscriber = this.#redis.duplicate();
    subscriber.on('error', (error: unknown) => this.#log.debug(errorFacts(error), 'no news by Redis'));
    subscriber.on('message', (_channel: string, message: string) => {
      const [from, topic = ''] = message.split(' ');
      if (from !== this.#self) for (const listener of this.#listeners.get(topic) ?? []) listener();
    });
    const join = (): void => {
      void subscriber.subscribe(this.#channel).catch((error: unknown) => {
        this.#log.debug(errorFacts(error), 'no news by Redis');
      });
    };
    subscriber.on('ready', join);
    return subscriber;
  }

  close(): void {
    this.#subscriber?.disconnect();
  }
}
