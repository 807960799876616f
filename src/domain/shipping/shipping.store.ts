import type { ShippingMethod, ShippingZone } from './shipping.ts';

/** The methods that reach a country, and whether the shop has any at all. */
export interface ShippingChoice {
  /** Whether an order must name a method: the shop has one, wherever it leads. */
  readonly required: boolean;
  /** Active, in the order of their positions. */
  readonly methods: readonly ShippingMethod[];
}

/** One statement, inside a transaction or on the read connection. */
export interface ShippingReadModel {
  choice(country: string): Promise<ShippingChoice>;
  zones(): Promise<readonly ShippingZone[]>;
  methods(): Promise<readonly ShippingMethod[]>;
}

/** Part of the transaction: see use-cases/tx.ts. */
export interface ShippingStore extends ShippingReadModel {
  zone(id: string): Promise<ShippingZone | undefined>;
  /** @throws DomainError already_exists when its code, or a country of it, is taken */
  insertZone(zone: ShippingZone): Promise<void>;
  /** @throws DomainError version_conflict, already_exists */
  updateZone(zone: ShippingZone): Promise<ShippingZone>;
  /** @throws DomainError conflict when it has methods */
  deleteZone(id: string): Promise<void>;
  method(id: string): Promise<ShippingMethod | undefined>;
  /** @throws DomainError already_exists when its code is taken, not_found when its zone is gone */
  insertMethod(method: ShippingMethod, at: Date): Promise<void>;
  /** @throws DomainError version_conflict, already_exists, not_found */
  updateMethod(method: ShippingMethod, at: Date): Promise<ShippingMethod>;
  /** Orders keep what they froze of it. */
  deleteMethod(id: string): Promise<void>;
}
