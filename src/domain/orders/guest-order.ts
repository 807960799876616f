import { createHmac } from 'node:crypto';

/** How long a mailed claim is good for, in minutes. */
export const CLAIM_MINUTES = 60;
/** Another mail about the same order is sent after this time at the earliest: nobody's mailbox is flooded. */
export const CLAIM_PAUSE_MINUTES = 5;

/**
 * What opens a guest's order: made from the cart's token, so that whoever placed the order can be told again, and
 * nothing that opens it is stored. As unguessable as the cart's token is.
 */
export const orderToken = (cartToken: string, orderId: string): string =>
  createHmac('sha256', cartToken).update(`order:${orderId}`).digest('base64url');

/** A promise to give a guest's order to whoever holds the token that was mailed to its address. */
export interface OrderClaim {
  readonly id: string;
  readonly orderId: string;
  readonly tokenHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Makes the token of a claim anew whenever its mail is sent: only its hash is stored. */
export interface ClaimTokens {
  tokenOf(claimId: string): string;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface GuestOrderStore {
  /** Beside the order, in its transaction. */
  insert(orderId: string, tokenHash: string, at: Date): Promise<void>;
  /** A guest's order that nobody has claimed, and that has an address to prove. */
  claimable(number: string): Promise<string | undefined>;
  /** Whether a claim of the order was made since then. */
  claimedSince(orderId: string, since: Date): Promise<boolean>;
  insertClaim(claim: OrderClaim): Promise<void>;
  /** Spends a claim, once. @returns its order; undefined when there is none that is good for anything */
  spend(tokenHash: string, at: Date): Promise<string | undefined>;
  /** @returns false when the order belongs to somebody already */
  giveTo(orderId: string, userId: string): Promise<boolean>;
}

/** What the mail of a claim says. */
export interface ClaimForMail {
  readonly number: string;
  readonly email: string;
  readonly locale: string;
  readonly expiresAt: Date;
}

export interface ClaimReadModel {
  /** Undefined when it was spent, or the order has no address. */
  forMail(claimId: string): Promise<ClaimForMail | undefined>;
}
