import type { SqlParam } from '../src/infra/db/values.ts';
import type { Statement } from './recorder.ts';

/** Statements with blanks, as JSON: what the raw server repeats, and for whom. */
export interface RawPlan {
  /** Reads, by path and query. */
  readonly reads: Readonly<Record<string, readonly PlannedStatement[]>>;
  /** Checkouts, by the kind of basket. */
  readonly checkouts: readonly {
    readonly statements: readonly PlannedStatement[];
    readonly reply: unknown;
  }[];
  /** By Authorization header. */
  readonly buyers: Readonly<Record<string, Buyer>>;
}

export interface Buyer {
  readonly userId: string;
  readonly cartId: string;
  readonly addressId: string;
  /** Which of the recorded checkouts is theirs. */
  readonly basket: number;
}

export interface PlannedStatement {
  readonly text: string;
  readonly params: readonly Planned[];
}

/** A constant, or what is different in every request. */
export type Planned =
  | { readonly is: string | number | boolean | null }
  | { readonly date: string }
  | { readonly bigint: string }
  | { readonly buyer: 'userId' | 'cartId' | 'addressId' }
  /** The same number is the same new id within one request. */
  | { readonly newId: number }
  | { readonly fresh: 'order-number' | 'idempotency-key' };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ORDER_NUMBER = /^CB-[0-9A-Z]{4}-[0-9A-Z]{4}$/;

const constant = (value: SqlParam): Planned => {
  if (value instanceof Date) return { date: value.toISOString() };
  if (typeof value === 'bigint') return { bigint: value.toString() };
  return { is: value ?? null };
};

export const planRead = (statements: readonly Statement[]): PlannedStatement[] =>
  statements.map(({ text, params }) => ({ text, params: params.map(constant) }));

/** Finds what was made for this one request: the buyer's ids, ids newer than `since`, the order's number, the key. */
export function planCheckout(
  statements: readonly Statement[],
  { buyer, key, since }: { readonly buyer: Buyer; readonly key: string; readonly since: number },
): PlannedStatement[] {
  const own = new Map([
    [buyer.userId, 'userId'],
    [buyer.cartId, 'cartId'],
    [buyer.addressId, 'addressId'],
  ] as const);
  const made = new Map<string, number>();
  const numberOf = (id: string): number => {
    const known = made.get(id);
    if (known === undefined) made.set(id, made.size);
    return known ?? made.size - 1;
  };
  const blank = (value: SqlParam, text: string): Planned => {
    if (typeof value !== 'string') return constant(value);
    const mine = own.get(value);
    if (mine !== undefined) return { buyer: mine };
    if (value === key) return { fresh: 'idempotency-key' };
    if (ORDER_NUMBER.test(value)) return { fresh: 'order-number' };
    // Events are unique by aggregate and sequence, and the recorded sequences are of one moment: so other aggregates.
    const isNew = UUID.test(value) && (text.startsWith('INSERT INTO outbox') || madeAt(value) >= since);
    return isNew ? { newId: numberOf(value) } : constant(value);
  };
  return statements.map(({ text, params }) => ({ text, params: params.map((p) => blank(p, text)) }));
}

/** The milliseconds in a UUIDv7. */
const madeAt = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
