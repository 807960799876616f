import type { DeliveryAttempt } from './webhook.ts';

export interface SignedDelivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one HTTP request. Never throws: every failure is an attempt with its reason. */
export interface WebhookSender {
  send(delivery: SignedDelivery, signal: AbortSignal): Promise<Omit<DeliveryAttempt, 'at'>>;
}

/** Keeps secrets at rest, bound to the row that they belong to. */
export interface SecretVault {
  seal(secret: string, rowId: string): string;
  /** @throws Error when it was altered, moved, or sealed with a key that is not configured */
  open(sealed: string, rowId: string): string;
}
