import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { IdentityKind } from '../../domain/identity/importer-identity.ts';
import type { NumberVault } from '../../domain/identity/number-vault.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a random nonce per row, authenticated together with the row's id. A sealed number reads
 * `v1.<key id>.<nonce>.<ciphertext and tag>`, base64url; the key id tells which key opens it, so that keys can be
 * changed: the first key seals, any of them opens. 96-bit random nonces are safe for 2^32 rows of a key (NIST SP
 * 800-38D, 8.3). Encryption and fingerprint each use a key of their own, derived from the configured one.
 */
export class AesNumberVault implements NumberVault {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: string;
  readonly #fingerprintKey: Buffer;

  constructor(key: Buffer, formerKeys: readonly Buffer[] = []) {
    const keys = [key, ...formerKeys].map((k) => derive(k, 'identity-number'));
    this.#keys = new Map(keys.map((k) => [keyId(k), k]));
    this.#current = keyId(derive(key, 'identity-number'));
    this.#fingerprintKey = derive(key, 'identity-fingerprint');
  }

  seal(number: string, rowId: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key(this.#current), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(rowId));
    const sealed = Buffer.concat([cipher.update(number, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return ['v1', this.#current, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  open(text: string, rowId: string): string {
    const [version, id = '', nonce = '', body = ''] = text.split('.');
    if (version !== 'v1') throw new Error('a sealed number of an unknown version');
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

  fingerprint(kind: IdentityKind, number: string): string {
    return createHmac('sha256', this.#fingerprintKey).update(`${kind}:${number}`).digest('hex');
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (key === undefined)
      throw new Error(`the number was sealed with the key ${id}, which is not configured`);
    return key;
  }
}

function derive(key: Buffer, purpose: string): Buffer {
  if (key.length !== KEY_BYTES)
    throw new Error(`an encryption key has ${KEY_BYTES} bytes, not ${key.length}`);
  return Buffer.from(hkdfSync('sha256', key, 'crossborder-trade', purpose, KEY_BYTES));
}

const keyId = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);
