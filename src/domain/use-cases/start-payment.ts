import type { Order } from '../orders/order.ts';
import { awaitsPayment } from '../orders/order-machine.ts';
import type { PaymentGateway } from '../payments/payment.gateway.ts';
import { type GatewayOutcome, isActive, NOTHING_MOVED, type Payment } from '../payments/payment.ts';
import type { GuestActor, UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, notFound, unlessAway } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import { askGateway } from './ask-gateway.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
import { seesOrder } from './guards.ts';
import { lockOrder, scopeOf } from './order-edit.ts';
import { settlePayment } from './settle-payment.ts';
import type { Database, Tx } from './tx.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly gateway: PaymentGateway;
  readonly giveBack: GiveBackMoney;
}

/** Staff pay their own orders only, like anybody. */
type Buyer = UserActor | GuestActor;

export interface PaymentRequest {
  readonly orderId: string;
  readonly token: string;
}

/** Short transaction, gateway, short transaction: no lock is held while the provider thinks. */
export class StartPayment {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Pays the whole of one's own order. An outcome that is unknown leaves the payment `pending`. Repeated with its key
   * after its process died, it goes on with the payment that was begun, and never makes another.
   * @throws DomainError unavailable (no provider), not_found, already_paid, payment_in_progress, too_many_attempts,
   * amount_not_supported, transition_not_allowed, validation_failed
   */
  async run(actor: Buyer, request: PaymentRequest, once?: Once<Payment>): Promise<Payment> {
    const { db, gateway, clock, giveBack } = this.#deps;
    gateway.checkToken(request.token);
    const { payment, resumed } = await db.transaction((tx) => this.#begin(tx, actor, request, once));
    // Undefined when nobody knows: the webhook or the reconciliation will tell.
    const outcome = await unlessAway(
      resumed ? this.#recall(payment) : gateway.charge({ ...chargeOf(payment), token: request.token }),
    );
    const settled = await db.transaction(async (tx) => {
      const result = outcome
        ? await settlePayment(tx, payment.id, outcome, clock.now())
        : ((await tx.payments.find(payment.id)) ?? payment);
      if (once) await tx.idempotency.complete(once, result);
      return result;
    });
    await giveBack.run(toGiveBack([settled]));
    return settled;
  }

  async #begin(tx: Tx, actor: Buyer, { orderId }: PaymentRequest, once: Once<Payment> | undefined) {
    const scope = actor.type === 'guest' ? scopeOf(actor) : { ownerId: actor.userId };
    const id = newId();
    if (once) {
      await seesOrder(orderId, scope)(tx);
      const hasOutcome = async (paymentId: string) => (await getPayment(tx, paymentId)).status !== 'pending';
      const begun = await tx.idempotency.begin(once, id, hasOutcome);
      if (begun.resumed) return { payment: await getPayment(tx, begun.subject), resumed: true };
    }
    return { payment: await this.#open(tx, id, await lockOrder(tx, orderId, scope)), resumed: false };
  }

  async #open(tx: Tx, id: string, order: Order): Promise<Payment> {
    const at = this.#deps.clock.now();
    checkPayable(order, at);
    this.#deps.gateway.checkAmount(order.totals.total);
    const attempts = await tx.payments.ofOrder(order.id);
    const active = attempts.find((p) => isActive(p.status));
    if (active) throw inProgress(active);
    if (attempts.filter((p) => p.status === 'declined').length >= MAX_DECLINED) throw tooMany(order);
    const payment: Payment = {
      id,
      orderId: order.id,
      provider: this.#deps.gateway.provider,
      providerReference: undefined,
      status: 'pending',
      amount: order.totals.total,
      failureCode: undefined,
      nextActionUrl: undefined,
      createdAt: at,
      updatedAt: at,
      version: 1,
      ledger: NOTHING_MOVED,
    };
    await tx.payments.insert(payment);
    return payment;
  }

  /**
   * What became of an attempt whose process died. The gateway is asked and not told again: what it has forgotten it
   * would do twice.
   */
  async #recall(payment: Payment): Promise<GatewayOutcome | undefined> {
    const { gateway } = this.#deps;
    if (payment.status !== 'pending' || payment.provider !== gateway.provider) return undefined;
    return askGateway(gateway, payment);
  }
}

const chargeOf = ({ id, orderId, amount }: Payment) => ({ paymentId: id, orderId, amount });

async function getPayment(tx: Tx, id: string): Promise<Payment> {
  const payment = await tx.payments.find(id);
  if (payment === undefined) throw notFound('payment');
  return payment;
}

/** Whoever tries card after card is not buying, but testing which ones work. */
const MAX_DECLINED = 10;

const tooMany = (order: Order): DomainError =>
  new DomainError(
    'too_many_attempts',
    `${MAX_DECLINED} payments of order ${order.number} were declined: place a new order to try others`,
  );

function checkPayable(order: Order, at: Date): void {
  if (awaitsPayment(order.status) && order.expiresAt > at) return;
  if (order.status === 'authorized' || order.status === 'paid' || order.status === 'completed') {
    throw new DomainError('already_paid', `order ${order.number} is paid`);
  }
  const status = order.status === 'pending_payment' ? 'expired' : order.status;
  throw new DomainError(
    'transition_not_allowed',
    `order ${order.number} is ${status}: it cannot be paid any more`,
    {
      facts: { status },
    },
  );
}

const inProgress = (active: Payment): DomainError =>
  new DomainError('payment_in_progress', 'the order has a payment in progress: wait for it, or complete it', {
    retryAfter: 5,
    facts: {
      paymentId: active.id,
      status: active.status,
      ...(active.nextActionUrl === undefined ? {} : { nextActionUrl: active.nextActionUrl }),
    },
  });
