import type Stripe from 'stripe';
import type { GatewayOutcome } from '../../domain/payments/payment.ts';
import type { RefundResult } from '../../domain/payments/refund.ts';
import { DomainError } from '../../domain/shared/errors.ts';

/** Milliseconds; the buyer waits for it. */
const TIMEOUT = 20_000;

/** What is read of an error of the library. */
interface StripeFailure {
  readonly type?: unknown;
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly decline_code?: unknown;
  readonly payment_intent?: { readonly id?: unknown };
}

/** An amount that Stripe cannot express: refused before it is asked, in the shape of its own refusals. */
export class AmountRefused extends Error {
  override readonly name = 'AmountRefused';
  readonly type = 'StripeInvalidRequestError';
  readonly code = 'amount_not_supported';
}

/** Stripe's library, loaded at the first call, with its errors in our words. */
export class StripeApi {
  readonly #apiKey: string;
  readonly #apiBase: string | undefined;
  #stripe: Promise<Stripe> | undefined;

  constructor(apiKey: string, apiBase: string | undefined) {
    this.#apiKey = apiKey;
    this.#apiBase = apiBase;
  }

  library(): Promise<Stripe> {
    return (this.#stripe ??= this.#load());
  }

  async #load(): Promise<Stripe> {
    const { default: StripeClient } = await import('stripe');
    return new StripeClient(this.#apiKey, {
      timeout: TIMEOUT,
      maxNetworkRetries: 1,
      telemetry: false,
      ...(this.#apiBase === undefined ? {} : address(new URL(this.#apiBase))),
    });
  }

  /** A refusal is an outcome, too. @throws DomainError unavailable when the outcome is unknown */
  async outcome(work: (stripe: Stripe) => Promise<GatewayOutcome>): Promise<GatewayOutcome> {
    try {
      return await work(await this.library());
    } catch (error) {
      const failure = refusal(error);
      const reference = referenceOf(error);
      return { type: isCardError(error) ? 'declined' : 'failed', reference, failureCode: failure };
    }
  }

  async refund(work: (stripe: Stripe) => Promise<RefundResult>): Promise<RefundResult> {
    try {
      return await work(await this.library());
    } catch (error) {
      return { type: 'failed', reference: undefined, failureCode: refusal(error) };
    }
  }

  /** For what cannot be refused. @throws DomainError unavailable */
  async answer<T>(work: (stripe: Stripe) => Promise<T>): Promise<T> {
    try {
      return await work(await this.library());
    } catch (error) {
      throw error instanceof DomainError ? error : unavailable(error);
    }
  }
}

const address = (url: URL) => ({
  host: url.hostname,
  ...(url.port === '' ? {} : { port: url.port }),
  protocol: url.protocol === 'http:' ? ('http' as const) : ('https' as const),
});

const isCardError = (error: unknown): boolean => (error as StripeFailure).type === 'StripeCardError';

const referenceOf = (error: unknown): string | undefined => {
  const id = (error as StripeFailure).payment_intent?.id;
  return typeof id === 'string' ? id : undefined;
};

/** Stripe has read the request and refused it for good: nothing was done, and nothing will be. */
const DEFINITE = new Set(['StripeCardError', 'StripeInvalidRequestError']);

/** @returns the code of a refusal. @throws DomainError unavailable for everything that may have been done */
function refusal(error: unknown): string {
  if (error instanceof DomainError) throw error;
  const { type, code, decline_code } = error as StripeFailure;
  if (typeof type !== 'string' || !DEFINITE.has(type) || code === 'lock_timeout') throw unavailable(error);
  const named = [decline_code, code].find((text) => typeof text === 'string' && text !== '');
  return (typeof named === 'string' ? named : 'refused').slice(0, 60);
}

/** Its message may name what was sent: only the kind of error is kept. */
function unavailable(error: unknown): DomainError {
  const { type, statusCode, code } = error as StripeFailure;
  const what = [type, statusCode, code].filter(
    (part) => typeof part === 'string' || typeof part === 'number',
  );
  return new DomainError('unavailable', `Stripe gave no answer that can be used: ${what.join(' ')}`);
}
