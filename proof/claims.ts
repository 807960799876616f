import type { LogView } from './log-view.ts';
import { Tally } from './verdict.ts';
import type { World } from './world.ts';

/** How far a relay is with what it claimed: nothing of it in the log, a part, or all, and none marked as sent. */
export const STEPS = ['claimed', 'sending', 'sent'] as const;
export type Step = (typeof STEPS)[number];

interface Claim {
  readonly owner: string;
  readonly ids: readonly string[];
}

/** What relays have in hand, seen from outside: the outbox tells what is claimed, the log what was sent of it. */
export class Claims {
  /** How many claims kills cut off, by the step. */
  readonly cutOff = new Tally();
  readonly #world: World;
  readonly #log: LogView;
  /** Of relays that are dead: their leases go on for a while. */
  readonly #orphaned = new Set<string>();

  constructor(world: World, log: LogView) {
    this.#world = world;
    this.#log = log;
  }

  /** Whether a living relay is at this step with a claim. */
  async anyAt(step: Step): Promise<boolean> {
    for (const claim of await this.#open()) if ((await this.#stepOf(claim)) === step) return true;
    return false;
  }

  /** Owners of what is claimed at this moment. */
  async owners(): Promise<Set<string>> {
    return new Set((await this.#open()).map(({ owner }) => owner));
  }

  /**
   * Counts what a dead relay left behind. A living one is done with its claims long before the victim is back, when
   * this is to be asked; a lease is longer than that.
   * @param suspects owners at the death
   */
  async examine(suspects: ReadonlySet<string>): Promise<number> {
    const left = (await this.#open()).filter(({ owner }) => suspects.has(owner));
    for (const claim of left) {
      this.#orphaned.add(claim.owner);
      this.cutOff.add(await this.#stepOf(claim));
    }
    return left.length;
  }

  async #open(): Promise<Claim[]> {
    const rows = await this.#world.rows<{ id: string; lease_owner: string }>(
      "SELECT id, lease_owner FROM outbox WHERE status = 'pending' AND lease_owner IS NOT NULL",
    );
    const ids = new Map<string, string[]>();
    for (const { id, lease_owner: owner } of rows) {
      if (!this.#orphaned.has(owner)) ids.set(owner, [...(ids.get(owner) ?? []), id]);
    }
    return [...ids].map(([owner, of]) => ({ owner, ids: of }));
  }

  async #stepOf({ ids }: Claim): Promise<Step> {
    const there = await this.#log.count(ids);
    if (there === 0) return 'claimed';
    return there < ids.length ? 'sending' : 'sent';
  }
}
