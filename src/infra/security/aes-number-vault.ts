import { createHmac } from 'node:crypto';
import type { IdentityKind } from '../../domain/identity/importer-identity.ts';
import type { NumberVault } from '../../domain/identity/number-vault.ts';
import { AesSeal, derive } from './aes-seal.ts';

/** Identity numbers, sealed; and a fingerprint that tells equal ones, under a key of its own. */
export class AesNumberVault implements NumberVault {
  readonly #seal: AesSeal;
  readonly #fingerprintKey: Buffer;

  constructor(key: Buffer, formerKeys: readonly Buffer[] = []) {
    this.#seal = new AesSeal('identity-number', key, formerKeys);
    this.#fingerprintKey = derive(key, 'identity-fingerprint');
  }

  seal(number: string, rowId: string): string {
    return this.#seal.seal(number, rowId);
  }

  open(text: string, rowId: string): string {
    return this.#seal.open(text, rowId);
  }

  fingerprint(kind: IdentityKind, number: string): string {
    return createHmac('sha256', this.#fingerprintKey).update(`${kind}:${number}`).digest('hex');
  }
}
