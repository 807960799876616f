import { type Actor, actorLabel } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { invalidField, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Once } from '../shared/once.ts';
import { checkRates, type ShippingMethod, type ShippingZone } from '../shipping/shipping.ts';
import type { Database, Tx } from './tx.ts';

export type ZoneInput = Omit<ShippingZone, 'id' | 'version'>;
export type MethodInput = Omit<ShippingMethod, 'id' | 'version'>;

/** What staff do to zones and methods. Orders keep what they froze. */
export class ManageShipping {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(ports: { readonly db: Database; readonly clock: Clock }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  /** @throws DomainError already_exists when its code, or a country of it, is taken */
  createZone(actor: Actor, input: ZoneInput, once?: Once<ShippingZone>): Promise<ShippingZone> {
    const zone = { ...input, countries: [...new Set(input.countries)].sort(), id: newId(), version: 1 };
    return this.#db.transaction(async (tx) => {
      await tx.shipping.insertZone(zone);
      await this.#audit(tx, actor, 'shipping-zone.create', zone);
      return zone;
    }, once);
  }

  /** @throws DomainError not_found, version_conflict, already_exists */
  updateZone(actor: Actor, id: string, version: number, change: Partial<ZoneInput>): Promise<ShippingZone> {
    return this.#db.transaction(async (tx) => {
      const before = await tx.shipping.zone(id);
      if (before === undefined) throw notFound('shipping zone');
      const merged = { ...before, ...change, version };
      const after = await tx.shipping.updateZone({
        ...merged,
        countries: [...new Set(merged.countries)].sort(),
      });
      await this.#audit(tx, actor, 'shipping-zone.update', after);
      return after;
    });
  }

  /** @throws DomainError not_found, conflict when it has methods */
  deleteZone(actor: Actor, id: string): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const zone = await tx.shipping.zone(id);
      if (zone === undefined) throw notFound('shipping zone');
      await tx.shipping.deleteZone(id);
      await this.#audit(tx, actor, 'shipping-zone.delete', zone);
    });
  }

  /** @throws DomainError validation_failed, already_exists, not_found (zone) */
  createMethod(actor: Actor, input: MethodInput, once?: Once<ShippingMethod>): Promise<ShippingMethod> {
    checkMethod(input);
    const method = { ...input, id: newId(), version: 1 };
    return this.#db.transaction(async (tx) => {
      await tx.shipping.insertMethod(method, this.#clock.now());
      await this.#audit(tx, actor, 'shipping-method.create', method);
      return method;
    }, once);
  }

  /** @throws DomainError not_found, version_conflict, validation_failed, already_exists */
  updateMethod(
    actor: Actor,
    id: string,
    version: number,
    change: Partial<MethodInput>,
  ): Promise<ShippingMethod> {
    return this.#db.transaction(async (tx) => {
      const before = await tx.shipping.method(id);
      if (before === undefined) throw notFound('shipping method');
      const merged = { ...before, ...change, version };
      checkMethod(merged);
      const after = await tx.shipping.updateMethod(merged, this.#clock.now());
      await this.#audit(tx, actor, 'shipping-method.update', after);
      return after;
    });
  }

  /** @throws DomainError not_found */
  deleteMethod(actor: Actor, id: string): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const method = await tx.shipping.method(id);
      if (method === undefined) throw notFound('shipping method');
      await tx.shipping.deleteMethod(id);
      await this.#audit(tx, actor, 'shipping-method.delete', method);
    });
  }

  #audit(tx: Tx, actor: Actor, action: string, subject: { id: string; code: string }): Promise<void> {
    return tx.audit.append({
      at: this.#clock.now(),
      actor: actorLabel(actor),
      action,
      subject: `${action.split('.')[0] ?? action}:${subject.id}`,
      details: { code: subject.code },
    });
  }
}

function checkMethod({ rates, minDays, maxDays }: MethodInput): void {
  checkRates(rates);
  if (minDays !== undefined && maxDays !== undefined && maxDays < minDays) {
    throw invalidField('maxDays', 'must not be less than minDays');
  }
}
