import { setTimeout as delay } from 'node:timers/promises';
import type { Role } from './role.ts';
import { Tally } from './verdict.ts';

/** From one kill to the next, in milliseconds, whatever the machine is busy with. */
const EVERY = 1_250;

/** At least so many kills belong to so many seconds of load. */
export const killsDue = (seconds: number): number => Math.floor(seconds / 2);

/**
 * Kills one process after the other by kill -9, at a steady rate: nobody waits for the last victim to be back, but of
 * two servers one is left alone, so that there is a load to disturb.
 */
export class Killer {
  readonly kills = new Tally();
  total = 0;
  readonly #roles: readonly Role[];
  readonly #away = new Map<Role, Promise<void>>();

  constructor(roles: readonly Role[]) {
    this.#roles = roles;
  }

  /** @returns when the last victim is back */
  async run(until: number): Promise<void> {
    const begin = Date.now();
    for (let n = 1; begin + n * EVERY < until; n++) {
      await delay(Math.max(0, begin + n * EVERY - Date.now()));
      await this.#killOne();
    }
    await Promise.all(this.#away.values());
  }

  async #killOne(): Promise<void> {
    const up = this.#roles.filter((role) => !this.#away.has(role));
    const servers = up.filter((role) => role.name === 'serve');
    const victims = servers.length > 1 ? up : up.filter((role) => role.name !== 'serve');
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (victim === undefined) {
      // All that may die are on their way back: the first of them is the next.
      await Promise.race(this.#away.values());
      return this.#killOne();
    }
    await victim.end('SIGKILL');
    this.kills.add(victim.name);
    this.total += 1;
    const back = victim.start().finally(() => this.#away.delete(victim));
    this.#away.set(victim, back);
    // Whoever waits for all of them hears of a failure, too.
    back.catch(() => undefined);
  }
}
