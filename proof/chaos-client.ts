import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../src/domain/shared/ids.ts';
import { type Answer, type Call, call } from './http-client.ts';
import { Tally } from './verdict.ts';
import type { World } from './world.ts';

interface Target {
  readonly urls: readonly string[];
  /** The `Authorization` of a member of staff. */
  readonly staff: string;
  readonly variants: readonly string[];
}

/** An order with what its buyer shows: an account's token, or the order's own. */
export interface ChaosOrder {
  readonly id: string;
  /** `/orders/<id>`, or `/guest-orders/<id>` */
  readonly path: string;
  readonly buyer: Pick<Call, 'authorization' | 'headers'>;
}

/** How long a client comes again with the same key, in milliseconds. */
const PATIENCE = 20_000;

export const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];
export const chance = (of: number): boolean => Math.random() < of;

/** What all clients of the load share: the servers, the orders, and what was answered. */
export class ChaosClient {
  readonly world: World;
  readonly target: Target;
  readonly answers = new Tally();
  readonly failures: string[] = [];
  broken = 0;
  readonly #orders: ChaosOrder[] = [];

  constructor(world: World, target: Target) {
    this.world = world;
    this.target = target;
  }

  /** With one key over all attempts, on whichever server: it happens once. */
  async insist(name: string, request: Call): Promise<Answer | undefined> {
    const keyed = { key: newId(), ...request };
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      try {
        const answer = await call(pick(this.target.urls) ?? '', keyed);
        this.answers.add(`${name} ${answer.outcome}`);
        if (answer.status !== 503) return answer;
      } catch {
        this.broken += 1;
      }
      await delay(50 + Math.random() * 100);
    }
    return undefined;
  }

  /** By a member of staff. */
  staff(name: string, path: string, body?: unknown): Promise<Answer | undefined> {
    const request = { path, authorization: this.target.staff };
    return this.insist(name, { ...request, ...(body !== undefined && { body }) });
  }

  /** The same wish of two at the same time, or of one. */
  async maybeTwice(work: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
    const answers = await Promise.all(chance(0.5) ? [work()] : [work(), work()]);
    return answers.find((answer) => answer !== undefined && answer.status < 300) ?? answers[0];
  }

  keep(order: ChaosOrder): void {
    this.#orders.push(order);
  }

  find(orderId: string): ChaosOrder | undefined {
    return this.#orders.find((order) => order.id === orderId);
  }

  /** Mostly a recent one, so that several clients want different things of one order at the same time. */
  order(): ChaosOrder | undefined {
    return pick(chance(0.8) ? this.#orders.slice(-8) : this.#orders);
  }

  lines(orderId: string): Promise<{ id: string; quantity: number }[]> {
    return this.world.rows('SELECT id, quantity FROM order_lines WHERE order_id = ? ORDER BY position', [
      orderId,
    ]);
  }
}
