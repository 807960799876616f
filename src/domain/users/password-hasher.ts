/** Slow on purpose: tens of milliseconds, off the event loop. Never called inside a transaction. */
export interface PasswordHasher {
  /** @returns a PHC string that says how it was made */
  hash(password: string): Promise<string>;
  /** Takes the same time when there is no hash to compare with, so that a stranger cannot tell. */
  verify(hash: string | null | undefined, password: string): Promise<boolean>;
}
