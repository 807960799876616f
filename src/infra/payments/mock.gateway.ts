import { z } from 'zod';
import type {
  Charge,
  GatewayEvent,
  SignedRequest,
  TestGateway,
} from '../../domain/payments/payment.gateway.ts';
import type { GatewayOutcome, Payment } from '../../domain/payments/payment.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { DomainError, invalidField } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { moneyJson, parseMoney } from '../../domain/shared/money.ts';
import { sign, verify } from './mock-signature.ts';

/** What each test token does. */
export const TEST_TOKENS = {
  tok_success: 'captures the amount',
  tok_declined: 'is declined, with the failure code card_declined',
  tok_requires_action: 'needs the buyer: POST to nextActionUrl completes it',
  tok_timeout:
    'gives no answer: the payment stays pending until its webhook, or the reconciliation, resolves it',
} as const;

type TestToken = keyof typeof TEST_TOKENS;
const isTestToken = (token: string): token is TestToken => Object.hasOwn(TEST_TOKENS, token);

const Webhook = z.strictObject({
  id: z.string().min(1).max(100),
  type: z.enum(['payment.authorized', 'payment.captured', 'payment.declined']),
  data: z.strictObject({
    paymentId: z.uuid(),
    amount: z.strictObject({ amount: z.string(), currency: z.string() }),
    failureCode: z
      .string()
      .regex(/^[a-z_]{1,60}$/)
      .exactOptional(),
  }),
});

interface Options {
  readonly clock: Clock;
  /** The key of the webhook's signatures. */
  readonly webhookSecret: string;
  /** Without a slash at the end. */
  readonly publicUrl: string;
}

/** A provider that moves no money: what happens is chosen by the token. It keeps no records of its own. */
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

  charge(charge: Charge): Promise<GatewayOutcome> {
    return Promise.resolve().then(() => this.#outcome(charge));
  }

  #outcome({ token, paymentId }: Charge): GatewayOutcome {
    this.checkToken(token);
    const reference = referenceOf(paymentId);
    switch (token) {
      case 'tok_declined':
        return { type: 'declined', reference, failureCode: 'card_declined' };
      case 'tok_requires_action':
        return {
          type: 'requires_action',
          reference,
          url: `${this.#options.publicUrl}/api/v1/payments/mock/${paymentId}/complete`,
        };
      case 'tok_timeout':
        throw new DomainError('timeout', 'the mock gateway did not answer');
      default:
        return { type: 'captured', reference };
    }
  }

  /** Nothing was taken. */
  refund(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing was held. */
  void(): Promise<void> {
    return Promise.resolve();
  }

  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  readWebhook({ rawBody, signature }: SignedRequest): GatewayEvent {
    if (!verify(this.#options.webhookSecret, signature, rawBody, this.#options.clock.now())) {
      throw new DomainError('invalid_signature', 'the signature is wrong, or older than five minutes');
    }
    const event = parseWebhook(rawBody);
    return {
      eventId: event.id,
      paymentId: event.data.paymentId,
      amount: parseMoney(event.data.amount),
      outcome: outcomeOf(event),
    };
  }

  /** The webhook that the provider sends when the buyer has done, or refused, what was asked. */
  completeAction(payment: Payment, succeeds: boolean): SignedRequest {
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

const referenceOf = (paymentId: string): string => `mock_${paymentId}`;

function parseWebhook(rawBody: Uint8Array): z.infer<typeof Webhook> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch (cause) {
    throw new DomainError('malformed_json', 'the event is not JSON', { cause });
  }
  const parsed = Webhook.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DomainError('validation_failed', 'the event is not one of the mock gateway', {
    issues: parsed.error.issues.map(({ path, message, code }) => ({ path: path.join('.'), message, code })),
  });
}

function outcomeOf({ type, data }: z.infer<typeof Webhook>): GatewayOutcome {
  const reference = referenceOf(data.paymentId);
  switch (type) {
    case 'payment.authorized':
      return { type: 'authorized', reference };
    case 'payment.captured':
      return { type: 'captured', reference };
    case 'payment.declined':
      return { type: 'declined', reference, failureCode: data.failureCode ?? 'declined' };
  }
}
