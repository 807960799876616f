/**
 * The closed set of things that can go wrong for a reason the caller can understand. Each code belongs to one
 * kind; the kind alone decides the HTTP status (server/problem.ts), retry or dead letter (jobs) and the exit
 * code (base-command.ts). Codes are part of the public API: add, never rename.
 */
export const ERROR_CODES = {
  // invalid: the request is not well formed or breaks a rule that needs no other data
  validation_failed: 'invalid',
  malformed_json: 'invalid',
  unknown_currency: 'invalid',
  unknown_country: 'invalid',
  invalid_cursor: 'invalid',
  host_not_allowed: 'invalid',
  invalid_signature: 'invalid',
  payload_too_large: 'too_large',
  unsupported_media_type: 'unsupported_media',
  not_acceptable: 'not_acceptable',
  method_not_allowed: 'method_not_allowed',
  // unauthenticated / forbidden
  unauthenticated: 'unauthenticated',
  invalid_credentials: 'unauthenticated',
  token_expired: 'unauthenticated',
  token_reused: 'unauthenticated',
  forbidden: 'forbidden',
  account_disabled: 'forbidden',
  csrf_failed: 'forbidden',
  not_found: 'not_found',
  // conflict: well formed, allowed, but not in this state
  conflict: 'conflict',
  already_exists: 'conflict',
  version_conflict: 'conflict',
  insufficient_stock: 'conflict',
  cart_empty: 'conflict',
  cart_changed: 'conflict',
  price_changed: 'conflict',
  variant_unavailable: 'conflict',
  price_unavailable: 'conflict',
  shipping_method_required: 'conflict',
  shipping_unavailable: 'conflict',
  coupon_not_applicable: 'conflict',
  landed_cost_incomplete: 'conflict',
  transition_not_allowed: 'conflict',
  payment_in_progress: 'conflict',
  already_paid: 'conflict',
  too_many_attempts: 'conflict',
  amount_not_supported: 'conflict',
  refund_exceeds_capture: 'conflict',
  idempotency_in_flight: 'conflict',
  busy: 'unavailable',
  // unprocessable: the same key was used for something else
  idempotency_key_reused: 'unprocessable',
  payment_declined: 'payment_required',
  rate_limited: 'rate_limited',
  // operational
  unavailable: 'unavailable',
  timeout: 'unavailable',
  configuration: 'configuration',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
export type ErrorKind = (typeof ERROR_CODES)[ErrorCode];

/** One wrong field. `path` is the path of the field in the input, e.g. `items.0.quantity`. */
export interface FieldIssue {
  readonly path: string;
  readonly message: string;
  readonly code?: string;
}

export interface ErrorDetails {
  readonly issues?: readonly FieldIssue[];
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;
  /** Public, machine-readable facts about the failure (both prices, the stock left, ...). Never secrets. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An expected failure. Everything else that is thrown is a defect and answers 500. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly issues: readonly FieldIssue[];
  readonly retryAfter: number | undefined;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.issues = details.issues ?? [];
    this.retryAfter = details.retryAfter;
    this.facts = details.facts ?? {};
  }

  get kind(): ErrorKind {
    return ERROR_CODES[this.code];
  }
}

/** What it depends on is away for now: to be tried again, and no defect. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof DomainError && error.kind === 'unavailable';

/** What another system answers; undefined while it is away, so that the rest can go on without. */
export async function unlessAway<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}

export const notFound = (what: string): DomainError => new DomainError('not_found', `${what} not found`);

/** A single wrong field, found by a rule rather than by a schema. */
export const invalidField = (
  path: string,
  message: string,
  code: ErrorCode = 'validation_failed',
): DomainError => new DomainError(code, message, { issues: [{ path, message }] });
