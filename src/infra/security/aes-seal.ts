import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { SecretVault } from '../../domain/webhooks/webhook.sender.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a random nonce per row, authenticated together with the row's id. What is sealed reads
 * `v1.<key id>.<nonce>.<ciphertext and tag>`, base64url; the key id tells which key opens it, so that keys can be
 * changed: the first key seals, any of them opens. 96-bit random nonces are safe for 2^32 rows of a key (NIST SP
 * 800-38D, 8.3). Each purpose uses a key of its own, derived from the configured one.
 */
export class AesSeal implements SecretVault {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: string;

  constructor(purpose: string, key: Buffer, formerKeys: readonly Buffer[] = []) {
    const keys = [key, ...formerKeys].map((k) => derive(k, purpose));
    this.#keys = new Map(keys.map((k) => [keyId(k), k]));
    this.#current = keyId(derive(key, purpose));
  }

  seal(text: string, rowId: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key(this.#current), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(rowId));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return ['v1', this.#current, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  open(sealedText: string, rowId: string): string {
    const [version, id = '', nonce = '', body = ''] = sealedText.split('.');
    if (version !== 'v1') throw new Error('something sealed in an unknown version');
    const sealed = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv(CIPHER, this.#key(id), Buffer.from(nonce, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(rowId));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString(
      'utf8',
    );
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (key === undefined) throw new Error(`it was sealed with the key ${id}, which is not configured`);
    return key;
  }
}

export function derive(key: Buffer, purpose: string): Buffer {
  if (key.length !== KEY_BYTES)
    throw new Error(`an encryption key has ${KEY_BYTES} bytes, not ${key.length}`);
  return Buffer.from(hkdfSync('sha256', key, 'crossborder-trade', purpose, KEY_BYTES));
}

const keyId = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);
