import type { PaymentGateway } from '../payments/payment.gateway.ts';
import type { PaymentReadModel } from '../payments/payment.store.ts';
import type { GatewayOutcome } from '../payments/payment.ts';
import { addMinutes, type Clock } from '../shared/clock.ts';
import { errorFacts, type Log } from '../shared/log.ts';
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

/** How long an attempt may be without an outcome before the gateway is asked. */
const PATIENCE_MINUTES = 5;

/** What the provider never heard of cannot have taken money. */
const NEVER_MADE: GatewayOutcome = {
  type: 'failed',
  reference: undefined,
  failureCode: 'unknown_to_provider',
};

/** Settles attempts whose process died, or whose gateway did not answer, by asking the gateway. */
export class ReconcilePayments {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns how many attempts were looked into */
  async run(limit = 100): Promise<number> {
    const { db, clock, log, gateway, payments, giveBack } = this.#deps;
    const open = await payments.unresolved(addMinutes(clock.now(), -PATIENCE_MINUTES), limit);
    for (const payment of open) {
      try {
        const outcome = (await gateway.find(payment.id)) ?? NEVER_MADE;
        const settled = await db.transaction((tx) => settlePayment(tx, payment.id, outcome, clock.now()));
        await giveBack.run(toGiveBack([settled]));
      } catch (error) {
        log.warn({ paymentId: payment.id, ...errorFacts(error) }, 'the payment could not be reconciled yet');
      }
    }
    return open.length;
  }
}
