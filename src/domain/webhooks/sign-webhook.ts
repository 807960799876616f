import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

const SECRET_BYTES = 32;

/** As Standard Webhooks spells a symmetric secret. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/**
 * The headers of Standard Webhooks: a signature for each secret that is in force, so that a receiver may verify with
 * any of them while it changes from one to the next.
 */
export function signatureHeaders(
  secrets: readonly string[],
  message: { readonly id: string; readonly body: string; readonly at: Date },
): Record<string, string> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(message.id, message.at, message.body));
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(message.at.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
