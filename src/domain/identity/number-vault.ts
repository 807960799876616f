import type { IdentityKind } from './importer-identity.ts';

/** Keeps identity numbers unreadable to whoever has the database but not the key. */
export interface NumberVault {
  /** Encrypts for one row: the result cannot be opened under another row's id. */
  seal(number: string, rowId: string): string;
  /** @throws Error when the text was altered, belongs to another row, or was sealed with a key that is not configured */
  open(sealed: string, rowId: string): string;
  /** A keyed hash, equal for equal numbers of a kind; without the key it cannot be guessed back. */
  fingerprint(kind: IdentityKind, number: string): string;
}
