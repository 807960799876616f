import { iso31661 } from 'iso-3166';

/** ISO 3166-1 alpha-2 code, upper case. */
export type Country = string;

const assigned = new Set<string>(iso31661.map((c) => c.alpha2));

/** Officially assigned codes only: reserved ones (UK, EU) and user-assigned ones (XK) are not countries here. */
export const isCountry = (code: string): boolean => assigned.has(code);
