/**
 * The form in which an address is compared and stored: composed, lower case. RFC 5321 lets the local part be
 * case-sensitive, and no provider that people use does so; two accounts that differ in case only would be a trap.
 */
export const normaliseEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();
