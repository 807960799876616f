import { createHash, randomBytes, randomInt } from 'node:crypto';
import { v7 } from 'uuid';

/** UUIDv7: unique, and ordered by creation time, so that a primary key stays append-only. */
export const newId = (): string => v7();

/** An unguessable opaque token: 256 bits, base64url, 43 characters. Only its hash is ever stored. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token: SHA-256, hex. It has too much entropy to need salt or slowness. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

// Crockford's base 32 without the letters that are misread aloud or on paper.
const READABLE = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A short code a person can read out: `prefix` and `length` random characters in groups of four. */
export function newReadableCode(prefix: string, length: number): string {
  const chars = Array.from({ length }, () => READABLE.charAt(randomInt(READABLE.length))).join('');
  return `${prefix}-${chars.match(/.{1,4}/g)?.join('-') ?? chars}`;
}
