import { createHmac } from 'node:crypto';
import type { ClaimTokens } from '../../domain/orders/guest-order.ts';

/** Tokens of claims: derived from SECRET_KEY, so that neither the claim nor its job holds one. */
export class HmacClaimTokens implements ClaimTokens {
  readonly #key: Buffer;

  constructor(secretKey: string) {
    this.#key = createHmac('sha256', secretKey).update('order-claims').digest();
  }

  tokenOf(claimId: string): string {
    return createHmac('sha256', this.#key).update(claimId).digest('base64url');
  }
}
