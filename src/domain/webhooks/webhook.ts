import { invalidField } from '../shared/errors.ts';

/** Where a merchant's system is told of events. Secrets are not part of it: see `WebhookSecrets`. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** `order.paid.v1`; none: every type. */
  readonly eventTypes: readonly string[];
  readonly active: boolean;
  /** Why the program switched it off by itself. */
  readonly disabledReason: string | undefined;
  /** Since when no delivery succeeded, while they fail. */
  readonly failingSince: Date | undefined;
  readonly createdAt: Date;
  readonly version: number;
}

/** Sealed: only the vault can read it. Signs beside the secret that took its place, until then. */
export interface FormerSecret {
  readonly sealed: string;
  readonly until: Date;
}

export interface WebhookSecrets {
  /** Sealed, too. */
  readonly sealed: string;
  /** Those in force, the newest first. */
  readonly former: readonly FormerSecret[];
}

/** Each adds a signature to every request. */
export const MAX_FORMER_SECRETS = 5;

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event for one endpoint. A redelivery is a delivery of its own, with the same event. */
export interface WebhookDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** 1, 2, 3 ... per endpoint: the order in which they are sent. */
  readonly position: number;
  /** The `webhook-id` too: the receiver's key against repetitions. */
  readonly eventId: string;
  readonly eventType: string;
  readonly body: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly createdAt: Date;
}

export interface DeliveryAttempt {
  readonly at: Date;
  /** Absent when there was no answer: `error` says why. */
  readonly statusCode: number | undefined;
  readonly milliseconds: number;
  readonly error: string | undefined;
  /** The beginning of the answer's body. */
  readonly responseBody: string | undefined;
}

/** 2xx alone is a receipt; a redirect is not followed, and counts as a failure. */
export const isReceipt = ({ statusCode }: DeliveryAttempt): boolean =>
  statusCode !== undefined && statusCode >= 200 && statusCode < 300;

/** The receiver says that it wants no more. */
export const isGone = ({ statusCode }: DeliveryAttempt): boolean => statusCode === 410;

export interface UrlRules {
  /** Plain HTTP: in development, or where internal receivers are wanted. */
  readonly allowHttp: boolean;
}

/** @throws DomainError validation_failed. Which address the name stands for is examined at each delivery. */
export function checkEndpointUrl(text: string, { allowHttp }: UrlRules): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.hostname === '') {
    throw invalidField('url', 'not an address such as https://shop.example/webhooks');
  }
  if (url.protocol === 'http:' && !allowHttp) {
    throw invalidField(
      'url',
      'must begin with https:// (or set WEBHOOKS_ALLOW_PRIVATE for a network of your own)',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw invalidField('url', 'must not hold a user or a password: verify the signature instead');
  }
  if (url.hash !== '') throw invalidField('url', 'must not have a fragment');
}
