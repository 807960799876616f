import type { PaymentGateway } from '../payments/payment.gateway.ts';
import type { PaymentReadModel } from '../payments/payment.store.ts';
import type { Payment } from '../payments/payment.ts';
import { addMinutes, type Clock } from '../shared/clock.ts';
import { errorFacts, type Log } from '../shared/log.ts';
import { askGateway } from './ask-gateway.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { settlePayment } from './settle-payment.ts';
import type { Database } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly gateway: PaymentGateway;
  readonly payments: PaymentReadModel;
  readonly giveBack: GiveBackMoney;
}

const DAY_MINUTES = 24 * 60;

/**
 * An authorization that nobody captured lapses at the provider, and its order must not hold stock any longer. Mostly a
 * webhook says so; here the provider is asked about those that are old, so that one that was lost keeps no stock.
 */
export class ReleaseStaleReservations {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @param afterDays age from which an authorization is asked about
   * @param limit of one batch
   * @param signal stops it between two authorizations
   * @returns how many orders gave their stock back
   */
  async run(afterDays: number, limit: number, signal?: AbortSignal): Promise<number> {
    const { clock, gateway, payments } = this.#deps;
    const before = addMinutes(clock.now(), -afterDays * DAY_MINUTES);
    let released = 0;
    let last: Payment | undefined;
    do {
      const old = await payments.authorizedSince({ provider: gateway.provider, before }, limit, last);
      for (const payment of old) {
        signal?.throwIfAborted();
        if (await this.#hasLapsed(payment)) released += 1;
      }
      last = old.length < limit ? undefined : old.at(-1);
    } while (last !== undefined);
    return released;
  }

  async #hasLapsed(payment: Payment): Promise<boolean> {
    const { db, clock, log, gateway, giveBack } = this.#deps;
    try {
      const outcome = await askGateway(gateway, payment);
      const settled = await db.transaction((tx) => settlePayment(tx, payment.id, outcome, clock.now()));
      await giveBack.run(toGiveBack([settled]));
      return settled.status === 'voided';
    } catch (error) {
      log.warn(
        { paymentId: payment.id, ...errorFacts(error) },
        'the authorization could not be looked up yet',
      );
      return false;
    }
  }
}
