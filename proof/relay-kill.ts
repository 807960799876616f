import { setTimeout as delay } from 'node:timers/promises';
import { Claims, STEPS, type Step } from './claims.ts';
import { caughtUp, examineEffects, examinePartitions, prepareEffects } from './effects.ts';
import { EventWriter, until } from './event-writer.ts';
import { openLogView } from './log-view.ts';
import type { Role } from './role.ts';
import { StockWriter } from './stock-writer.ts';
import { type Proof, Verdict } from './verdict.ts';
import type { World } from './world.ts';

const AGGREGATES = 30;
const VARIANTS = 10;
/** Between what happens to an order, in milliseconds: two workers on two cores can follow, so their queue stays short. */
const PAUSE = 1000;
/** From so many kills on each step must have been hit; with fewer it is enough that a claim was. */
const FULL = 100;
const TRIES = 25;
/** For a relay to come to a step, in milliseconds. */
const AIM = 2000;
/** Of what a dead relay had claimed: four times what a send may take here. */
const LEASE_SECONDS = 12;

/** So that a claim, which is of ten batches at most, is sent in several. */
export const SMALL_BATCHES = { OUTBOX_DISPATCH_BATCH_SIZE: '20' };

/**
 * Two relays under writes, each killed again and again at a moment of chance; then both at once, when one of them is
 * seen at a step: it claimed and sent nothing yet, it sent a part, it sent all and marked nothing. What they had
 * claimed is taken over when the lease ends. Two workers apply the events meanwhile.
 */
export async function proveRelayKill(world: World, kills: number): Promise<Proof> {
  const verdict = new Verdict();
  const [writer, stock] = [new EventWriter(world, AGGREGATES), await StockWriter.open(world, VARIANTS)];
  await prepareEffects(world);
  const log = await openLogView(world);
  const relays = await world.start('outbox-dispatch', 'outbox-dispatch');
  await world.start('worker', 'worker');
  const striker = new Striker(new Claims(world, log), relays);
  let over = false;
  const striking = async (): Promise<void> => {
    try {
      await until(() => log.isLive());
      await striker.atChance(kills);
      if (kills >= FULL) for (const step of STEPS) await striker.at(step, TRIES);
      else if (striker.withBatchInHand === 0) await striker.at('claimed', TRIES);
    } finally {
      over = true;
    }
  };
  await Promise.all([striking(), writer.write(() => over, PAUSE), stock.write(PAUSE, () => over)]);
  const drainedAfterSeconds = await writer.drained(verdict, LEASE_SECONDS);
  await log.close();
  const caughtUpAfterSeconds = await caughtUp(world, verdict);
  await world.stop('SIGTERM');
  const { cutOff } = striker.claims;
  verdict.holds('kills hit claims', striker.withBatchInHand > 0);
  if (kills >= FULL) for (const step of STEPS) verdict.holds(`a kill hit ${step}`, cutOff.get(step) > 0);
  const attempts = await world.count('SELECT COUNT(*) AS n FROM outbox WHERE attempts > 0');
  verdict.equal('attempts that a kill cost', attempts, 0);
  const figures = {
    ...(await examinePartitions(world, verdict, 'order-events')),
    kills: striker.kills,
    withBatchInHand: striker.withBatchInHand,
    cutOff: cutOff.all,
    ...(await writer.verify(verdict)),
    ...(await examineEffects(world, verdict)),
    drainedAfterSeconds,
    caughtUpAfterSeconds,
  };
  return { figures, failures: verdict.failures };
}

class Striker {
  kills = 0;
  /** Strikes that left a claim behind. */
  withBatchInHand = 0;
  readonly claims: Claims;
  readonly #relays: readonly Role[];

  constructor(claims: Claims, relays: readonly Role[]) {
    this.claims = claims;
    this.#relays = relays;
  }

  /** Each relay for itself, `kills` of them in all. */
  async atChance(kills: number): Promise<void> {
    let left = kills;
    await Promise.all(
      this.#relays.map(async (relay) => {
        while (left > 0) {
          left--;
          await isUp(relay);
          await delay(Math.random() * 300);
          await this.#strike(relay);
        }
      }),
    );
  }

  /** Both, so that it is the one that was seen, until one was cut off there. What is seen may be over when it dies. */
  async at(step: Step, tries: number): Promise<void> {
    for (let n = 0; n < tries && this.claims.cutOff.get(step) === 0; n++) {
      const deadline = Date.now() + AIM;
      while (!(await this.claims.anyAt(step)) && Date.now() < deadline) await delay(1);
      await this.#strike(...this.#relays);
    }
  }

  async #strike(...victims: readonly Role[]): Promise<void> {
    await Promise.all(victims.map((relay) => relay.end('SIGKILL')));
    this.kills += victims.length;
    const suspects = await this.claims.owners();
    await Promise.all(victims.map((relay) => relay.start()));
    await Promise.all(victims.map(isUp));
    if ((await this.claims.examine(suspects)) > 0) this.withBatchInHand++;
  }
}

const isUp = (relay: Role): Promise<void> => until(() => relay.log.split('relaying').length > relay.starts);
