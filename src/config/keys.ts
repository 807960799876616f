import { hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const MIN_SECRET_LENGTH = 32;

/** Used outside production where nothing else is given, with a warning: everybody knows it. */
export const DEVELOPMENT_SECRET_KEY = 'crossborder-development-key-known-to-everybody';

/** What examples, tutorials and Django's project template ship. */
export const isShippedSecret = (secret: string): boolean =>
  secret === DEVELOPMENT_SECRET_KEY ||
  /^(?:django-insecure-|change[-_ ]?me|your[-_ ]|secret$|insecure)/i.test(secret);

export const secretKeyPath = (dataDir: string): string => join(dataDir, 'secret-key');

/** The code of a failure of the file system; by shape, because its class belongs to another realm in tests. */
export const fileErrorCode = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** The key that `up` made on its first run, or undefined before that. */
export function readSecretKey(dataDir: string): string | undefined {
  try {
    return readFileSync(secretKeyPath(dataDir), 'utf8').trim() || undefined;
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT' || fileErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Reads the key of this data directory, and makes it first where there is none: 384 random bits, readable by
 * the owner only. Of several processes that do so at once, all get the same key.
 */
export function ensureSecretKey(dataDir: string): string {
  const present = readSecretKey(dataDir);
  if (present !== undefined) return present;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = secretKeyPath(dataDir);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path); // whole or not at all, and never over another's
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  const made = readSecretKey(dataDir);
  if (made === undefined) throw new Error(`${path} is empty: remove it, and one is made`);
  return made;
}

/** A key of its own for each purpose, so that one that leaks does not give the others away (HKDF, RFC 5869). */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'crossborder-trade', purpose, 32));
