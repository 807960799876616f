import type { DatabaseKind } from '../sql.ts';
import type { SqlParam } from '../values.ts';

/** A piece of a statement with the values of its placeholders, so that the two never part. */
export interface Fragment {
  readonly text: string;
  readonly params: readonly SqlParam[];
}

export const fragment = (text: string, ...params: SqlParam[]): Fragment => ({ text, params });

/** A join that reads its left side first, whatever the planner believes. */
export const thenJoin = (kind: DatabaseKind): string => (kind === 'sqlite' ? 'CROSS JOIN' : 'STRAIGHT_JOIN');
