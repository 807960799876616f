import type { Rule } from '../rule.ts';
import { americas } from './americas.ts';
import { asiaPacific } from './asia-pacific.ts';
import { britainAndSwitzerland } from './britain-and-switzerland.ts';
import { europeanUnion } from './european-union.ts';

/** Every dated fact that quotes rest on: data/trade-rules.md in the program's words. */
export const RULES: readonly Rule[] = [
  ...europeanUnion,
  ...britainAndSwitzerland,
  ...americas,
  ...asiaPacific,
];
