import { createHash } from 'node:crypto';

/** When the sample shop opened: the first product's creation, and the start of every sample id. */
export const SAMPLE_EPOCH = new Date('2026-01-05T08:00:00.000Z');

/**
 * A UUIDv7 that follows from its key: seeding twice makes the same rows, and rows that are made together stay
 * together in the primary key.
 */
export function sampleId(key: string, at: Date = SAMPLE_EPOCH): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  const digest = createHash('sha1').update(key).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(digest.charAt(3), 16) & 3);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
