import type { Order } from '../orders/order.ts';
import { awaitsPayment } from '../orders/order-machine.ts';
import type { PaymentGateway } from '../payments/payment.gateway.ts';
import { type GatewayOutcome, isActive, NOTHING_MOVED, type Payment } from '../payments/payment.ts';
import type { GuestActor, UserActor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import { type GiveBackMoney, toGiveBack } from './give-back-money.ts';
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
   * Pays the whole of one's own order. An outcome that is unknown leaves the payment `pending`.
   * @throws DomainError unavailable (no provider), not_found, already_paid, payment_in_progress, too_many_attempts, transition_not_allowed,
   * validation_failed
   */
  async run(actor: Buyer, request: PaymentRequest, once?: Once<Payment>): Promise<Payment> {
    const { db, gateway, clock, giveBack } = this.#deps;
    gateway.checkToken(request.token);
    const payment = await db.transaction((tx) => this.#open(tx, actor, request, once));
    const outcome = await this.#charge(payment, request.token);
    const settled = await db.transaction(async (tx) => {
      const result = outcome ? await settlePayment(tx, payment.id, outcome, clock.now()) : payment;
      if (once) await tx.idempotency.complete(once, result);
      return result;
    });
    await giveBack.run(toGiveBack([settled]));
    return settled;
  }

  async #open(tx: Tx, actor: Buyer, { orderId }: PaymentRequest, once: Once<Payment> | undefined) {
    if (once) await tx.idempotency.claim(once);
    const at = this.#deps.clock.now();
    const order = await lockOrder(
      tx,
      orderId,
      actor.type === 'guest' ? scopeOf(actor) : { ownerId: actor.userId },
    );
    checkPayable(order, at);
    const attempts = await tx.payments.ofOrder(order.id);
    const active = attempts.find((p) => isActive(p.status));
    if (active) throw inProgress(active);
    if (attempts.filter((p) => p.status === 'declined').length >= MAX_DECLINED) throw tooMany(order);
    const payment: Payment = {
      id: newId(),
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

  /** @returns undefined when nobody knows: the webhook or the reconciliation will tell */
  async #charge(payment: Payment, token: string): Promise<GatewayOutcome | undefined> {
    try {
      return await this.#deps.gateway.charge({
        paymentId: payment.id,
        orderId: payment.orderId,
        amount: payment.amount,
        token,
      });
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') return undefined;
      throw error;
    }
  }
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
