import type { PaymentGateway } from '../payments/payment.gateway.ts';
import type { PaymentReadModel } from '../payments/payment.store.ts';
import { move, type Payment } from '../payments/payment.ts';
import { addMinutes, type Clock } from '../shared/clock.ts';
import { errorFacts, type Log } from '../shared/log.ts';
import { askGateway } from './ask-gateway.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { lockPayment, settlePayment } from './settle-payment.ts';
import type { Database, Tx } from './tx.ts';

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
/** How long an attempt waits for its buyer before it is withdrawn, so that it does not block another one for ever. */
const ABANDONED_MINUTES = 15;

/** How many batches one run looks into; what fails in them must not keep the rest waiting. */
const BATCHES = 10;

/** Settles attempts whose process died, or whose gateway did not answer, by asking the gateway. */
export class ReconcilePayments {
  readonly #deps: Deps;
  /** Where the last run stopped, had it more to do: the next one goes on there. */
  #after: Payment | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param limit of one batch @param signal stops it between two attempts @returns how many attempts were looked into */
  async run(limit = 100, signal?: AbortSignal): Promise<number> {
    const { clock, log, gateway, payments } = this.#deps;
    const { provider } = gateway;
    const elsewhere = await payments.countElsewhere(provider);
    if (elsewhere > 0) log.warn({ provider, payments: elsewhere }, 'payments belong to another provider');
    const now = clock.now();
    const before = addMinutes(now, -PATIENCE_MINUTES);
    const wanted = { provider, before, abandoned: addMinutes(now, -ABANDONED_MINUTES) };
    let seen = 0;
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const open = await payments.unresolved(wanted, limit, this.#after);
      for (const payment of open) {
        signal?.throwIfAborted();
        await this.#try(payment);
        this.#after = payment;
      }
      seen += open.length;
      if (open.length < limit) {
        this.#after = undefined;
        break;
      }
    }
    return seen;
  }

  async #try(payment: Payment): Promise<void> {
    try {
      await this.#resolve(payment);
    } catch (error) {
      this.#deps.log.warn(
        { paymentId: payment.id, ...errorFacts(error) },
        'the payment could not be reconciled yet',
      );
    }
  }

  async #resolve(payment: Payment): Promise<void> {
    const { db, clock, gateway, giveBack } = this.#deps;
    const outcome = await askGateway(gateway, payment);
    const settled = await db.transaction(async (tx) => {
      const at = clock.now();
      const now = await settlePayment(tx, payment.id, outcome, at);
      return payment.status === 'requires_action' ? withdraw(tx, now, at) : now;
    });
    await giveBack.run(toGiveBack([settled]));
  }
}

/** The buyer did not come back: the attempt is voided, and should he pay it meanwhile, the money goes back. */
async function withdraw(tx: Tx, payment: Payment, at: Date): Promise<Payment> {
  if (payment.status !== 'requires_action') return payment;
  const locked = await lockPayment(tx, payment.id);
  return tx.payments.update(move(locked.payment, 'void_pending', at));
}
