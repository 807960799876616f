import type { Currency } from '../shared/currency.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { Candidate, Promotion } from './promotion.ts';

/**
 * Who redeems: an e-mail address as accounts keep theirs, so that one person is one customer, with an account and as a
 * guest; or the id of an account that has none.
 */
export type CustomerKey = string;

/** Whose uses are counted, by the account or by what it is known by. */
export type Customer = { readonly userId: string } | { readonly key: CustomerKey };

/** One order holds one promotion. */
export interface Redemption {
  readonly id: string;
  readonly promotionId: string;
  readonly orderId: string;
  readonly customerKey: CustomerKey | undefined;
  /** Minor units that it took off the goods or the shipping. */
  readonly saving: bigint;
  readonly currency: Currency;
  readonly at: Date;
}

/** Reads, inside a transaction or on the read connection. */
export interface PromotionReadModel {
  /** One statement: the automatic ones that may apply at `at`, and the one with this code, if it is active. */
  candidates(query: {
    readonly code: string | undefined;
    readonly customer: Customer | undefined;
    readonly at: Date;
  }): Promise<readonly Candidate[]>;
  /** The newest first. */
  page(request: PageRequest): Promise<Page<Promotion>>;
  find(id: string): Promise<Promotion | undefined>;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface PromotionStore extends PromotionReadModel {
  /** @throws DomainError already_exists when the code is taken */
  insert(promotion: Promotion, at: Date): Promise<void>;
  /** Everything but `redeemed`. @throws DomainError version_conflict, already_exists */
  update(promotion: Promotion, at: Date): Promise<Promotion>;
  /** @returns false when an order has ever held it */
  delete(id: string): Promise<boolean>;
  /**
   * Takes one of what the limits leave, under the row's lock, and stores who did.
   * @returns false when nothing is left: the transaction must be rolled back
   */
  redeem(promotion: Promotion, redemption: Redemption): Promise<boolean>;
  /** The order is this customer's now: so are its uses, though they may be more than his limit. */
  rekey(orderId: string, customer: CustomerKey): Promise<void>;
  /** Gives back all that the order holds; any number of times. */
  release(orderId: string, at: Date): Promise<void>;
}
