/** One link of a session's chain: used once, for the next one. Only the hash of the token is kept. */
export interface RefreshToken {
  readonly id: string;
  readonly userId: string;
  /** The session: every token that descends from one sign-in. */
  readonly familyId: string;
  readonly tokenHash: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

export interface RefreshTokenStore {
  insert(token: RefreshToken): Promise<void>;
  findByHash(tokenHash: string): Promise<RefreshToken | undefined>;
  /** @returns false when it has been used or revoked: of two that come at once, one gets true */
  markUsed(id: string, at: Date): Promise<boolean>;
  revokeFamily(familyId: string, at: Date): Promise<void>;
  /** Ends every session of the user but `exceptFamilyId`. */
  revokeAllOf(userId: string, at: Date, exceptFamilyId?: string): Promise<void>;
  /** Rows that can no longer matter: keeps the table as small as the number of live sessions. */
  deleteExpiredOf(userId: string, before: Date): Promise<void>;
  deleteAllOf(userId: string): Promise<void>;
}
