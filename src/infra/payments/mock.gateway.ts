import type {
  Charge,
  Charged,
  GatewayEvent,
  RefundRequest,
  SignedRequest,
  TestGateway,
} from '../../domain/payments/payment.gateway.ts';
import type { GatewayOutcome, Payment } from '../../domain/payments/payment.ts';
import type { RefundResult } from '../../domain/payments/refund.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { DomainError, invalidField } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { moneyJson } from '../../domain/shared/money.ts';
import { sign, verify } from './mock-signature.ts';
import { eventOf, parseWebhook, referenceOf } from './mock-webhook.ts';

/** What each test token does. */
export const TEST_TOKENS = {
  tok_success: 'captures the amount',
  tok_authorize: 'authorizes the amount: staff capture it, or void it',
  tok_declined: 'is declined, with the failure code card_declined',
  tok_requires_action: 'needs the buyer: POST to nextActionUrl completes it',
  tok_timeout:
    'gives no answer: the payment stays pending until its webhook, or the reconciliation, resolves it',
  tok_lost_answer: 'captures the amount, and the answer is lost: the reconciliation finds it',
} as const;

type TestToken = keyof typeof TEST_TOKENS;
const isTestToken = (token: string): token is TestToken => Object.hasOwn(TEST_TOKENS, token);

export type MockChargeStatus = 'requires_action' | 'authorized' | 'captured' | 'declined' | 'voided';

/** What the provider that is played remembers of each attempt. */
export interface MockCharges {
  find(paymentId: string): Promise<MockChargeStatus | undefined>;
  /** @returns the status afterwards: `to`, or what it was when that is one of `unless` */
  move(
    paymentId: string,
    to: MockChargeStatus,
    unless: readonly MockChargeStatus[],
  ): Promise<MockChargeStatus>;
}

interface Options {
  readonly clock: Clock;
  readonly charges: MockCharges;
  /** The key of the webhook's signatures. */
  readonly webhookSecret: string;
  /** Without a slash at the end. */
  readonly publicUrl: string;
}

const FINAL: readonly MockChargeStatus[] = ['captured', 'declined', 'voided'];

/** A provider that moves no money: what happens is chosen by the token. */
export class MockGateway implements TestGateway {
  readonly provider = 'mock';
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  checkToken(token: string): void {
    if (isTestToken(token)) return;
    throw invalidField(
      'token',
      `not a token of the mock gateway: use one of ${Object.keys(TEST_TOKENS).join(', ')}`,
    );
  }

  /** It counts in no units of its own. */
  checkAmount(): void {}

  async charge({ token, paymentId }: Charge): Promise<GatewayOutcome> {
    this.checkToken(token);
    if (token === 'tok_timeout') throw new DomainError('timeout', 'the mock gateway did not answer');
    const status = await this.#move(paymentId, CHARGED[token] ?? 'captured');
    if (token === 'tok_lost_answer')
      throw new DomainError('timeout', 'the answer of the mock gateway was lost');
    return this.#outcome(paymentId, status);
  }

  async capture({ paymentId }: Charged): Promise<GatewayOutcome> {
    return this.#outcome(paymentId, await this.#move(paymentId, 'captured'));
  }

  async void({ paymentId }: Charged): Promise<GatewayOutcome> {
    return this.#outcome(paymentId, await this.#move(paymentId, 'voided'));
  }

  /** Nothing was taken. */
  refund({ refundId }: RefundRequest): Promise<RefundResult> {
    return Promise.resolve({ type: 'succeeded', reference: referenceOf(refundId) });
  }

  async find({ paymentId }: Charged): Promise<GatewayOutcome | undefined> {
    const status = await this.#options.charges.find(paymentId);
    return status && this.#outcome(paymentId, status);
  }

  readWebhook({ rawBody, signature }: SignedRequest): Promise<GatewayEvent> {
    return Promise.resolve().then((): GatewayEvent => {
      if (!verify(this.#options.webhookSecret, signature, rawBody, this.#options.clock.now())) {
        throw new DomainError('invalid_signature', 'the signature is wrong, or older than five minutes');
      }
      return eventOf(parseWebhook(rawBody));
    });
  }

  #move(paymentId: string, to: MockChargeStatus): Promise<MockChargeStatus> {
    return this.#options.charges.move(paymentId, to, FINAL);
  }

  #outcome(paymentId: string, status: MockChargeStatus): GatewayOutcome {
    const reference = referenceOf(paymentId);
    switch (status) {
      case 'declined':
        return { type: 'declined', reference, failureCode: 'card_declined' };
      case 'requires_action': {
        const url = `${this.#options.publicUrl}/api/v1/payments/mock/${paymentId}/complete`;
        return { type: 'requires_action', reference, url };
      }
      case 'authorized':
      case 'captured':
      case 'voided':
        return { type: status, reference };
    }
  }

  /** The webhook that the provider sends when the buyer has done, or refused, what was asked. */
  async completeAction(payment: Payment, succeeds: boolean): Promise<SignedRequest> {
    await this.#move(payment.id, succeeds ? 'captured' : 'declined');
    const body = {
      id: `evt_${newId()}`,
      type: succeeds ? 'payment.captured' : 'payment.declined',
      data: {
        paymentId: payment.id,
        amount: moneyJson(payment.amount),
        ...(succeeds ? {} : { failureCode: 'authentication_failed' }),
      },
    };
    const rawBody = Buffer.from(JSON.stringify(body));
    return { rawBody, signature: sign(this.#options.webhookSecret, this.#options.clock.now(), rawBody) };
  }
}

/** What each token leads to; the rest captures. */
const CHARGED: Readonly<Record<string, MockChargeStatus>> = {
  tok_authorize: 'authorized',
  tok_declined: 'declined',
  tok_requires_action: 'requires_action',
};
