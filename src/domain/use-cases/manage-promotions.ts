import { checkPromotion, type Promotion } from '../promotions/promotion.ts';
import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { DomainError, invalidField, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import type { Database, Tx } from './tx.ts';

export type PromotionInput = Omit<Promotion, 'id' | 'redeemed' | 'version'>;

/** What staff do to promotions. Orders keep what they froze. */
export class ManagePromotions {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(ports: { readonly db: Database; readonly clock: Clock }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  /** @throws DomainError validation_failed, already_exists when the code is taken */
  create(actor: Actor, input: PromotionInput, once?: Once<Promotion>): Promise<Promotion> {
    checkPromotion(input);
    const promotion = { ...input, id: newId(), redeemed: 0, version: 1 };
    return this.#db.transaction(async (tx) => {
      await tx.promotions.insert(promotion, this.#clock.now());
      await this.#audit(tx, actor, 'promotion.create', promotion);
      return promotion;
    }, once);
  }

  /**
   * @param change the new terms, given the ones of this moment
   * @throws DomainError not_found, version_conflict, validation_failed, already_exists, conflict (below what is held)
   */
  update(
    actor: Actor,
    id: string,
    version: number,
    change: (before: Promotion) => PromotionInput,
  ): Promise<Promotion> {
    return this.#db.transaction(async (tx) => {
      const before = await tx.promotions.find(id);
      if (before === undefined) throw notFound('promotion');
      const merged = { ...before, ...change(before), version };
      checkPromotion(merged);
      // What orders hold is counted from the first one on, or never.
      if ((merged.totalLimit === undefined) !== (before.totalLimit === undefined)) {
        throw invalidField('totalLimit', 'a limit can be changed, but neither added nor removed');
      }
      const after = await tx.promotions.update(merged, this.#clock.now());
      await this.#audit(tx, actor, 'promotion.update', after);
      return after;
    });
  }

  /** @throws DomainError not_found, conflict when an order has ever held it: deactivate it instead */
  delete(actor: Actor, id: string): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const promotion = await tx.promotions.find(id);
      if (promotion === undefined) throw notFound('promotion');
      if (!(await tx.promotions.delete(id))) {
        throw new DomainError('conflict', 'orders refer to this promotion: deactivate it instead');
      }
      await this.#audit(tx, actor, 'promotion.delete', promotion);
    });
  }

  #audit(tx: Tx, actor: Actor, action: string, { id, name, code }: Promotion): Promise<void> {
    return tx.audit.append({
      at: this.#clock.now(),
      actor: actorLabel(actor),
      action,
      subject: `promotion:${id}`,
      details: { name, code: code ?? null },
    });
  }
}
