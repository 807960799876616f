import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the sender's clock may be from ours, in seconds: older requests could be replays. */
export const TOLERANCE_SECONDS = 300;

const digest = (secret: string, timestamp: number, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<raw body>`. */
export const sign = (secret: string, at: Date, body: Uint8Array): string => {
  const timestamp = Math.floor(at.getTime() / 1000);
  return `t=${timestamp},v1=${digest(secret, timestamp, body).toString('hex')}`;
};

/** Whether the body is signed with the secret, recently. Takes the same time for every wrong signature. */
export function verify(secret: string, header: string | undefined, body: Uint8Array, now: Date): boolean {
  const [, seconds, hex] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? [];
  if (seconds === undefined || hex === undefined) return false;
  const timestamp = Number(seconds);
  if (Math.abs(now.getTime() / 1000 - timestamp) > TOLERANCE_SECONDS) return false;
  return timingSafeEqual(digest(secret, timestamp, body), Buffer.from(hex, 'hex'));
}
