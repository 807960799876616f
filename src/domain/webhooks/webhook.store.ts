import type { Page, PageRequest } from '../shared/page.ts';
import type {
  DeliveryAttempt,
  DeliveryStatus,
  FormerSecret,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookSecrets,
} from './webhook.ts';

export interface LoggedDelivery extends WebhookDelivery {
  /** The oldest first. */
  readonly log: readonly DeliveryAttempt[];
}

export interface WebhookReadModel {
  /** The newest first. */
  endpoints(request: PageRequest): Promise<Page<WebhookEndpoint>>;
  findEndpoint(id: string): Promise<WebhookEndpoint | undefined>;
  /** Of one endpoint, the newest first. */
  deliveries(
    endpointId: string,
    filter: { readonly status?: DeliveryStatus | undefined },
    request: PageRequest,
  ): Promise<Page<WebhookDelivery>>;
  findDelivery(id: string): Promise<LoggedDelivery | undefined>;
  /** Active endpoints whose next delivery is due. */
  dueEndpoints(now: Date, limit: number): Promise<string[]>;
}

/** A delivery about to be queued. */
export type NewDelivery = Pick<WebhookDelivery, 'id' | 'eventId' | 'eventType' | 'body'>;

/** Part of the transaction: see use-cases/tx.ts. */
export interface WebhookStore extends WebhookReadModel {
  /** @param sealed the secret */
  insertEndpoint(endpoint: WebhookEndpoint, sealed: string): Promise<void>;
  /** Everything but `createdAt`. @throws DomainError version_conflict */
  updateEndpoint(endpoint: WebhookEndpoint, at: Date): Promise<WebhookEndpoint>;
  /** With its deliveries. @returns false when there is none */
  deleteEndpoint(id: string): Promise<boolean>;
  /** What signs at that instant. */
  secretsOf(endpointId: string, at: Date): Promise<WebhookSecrets | undefined>;
  /** The secret that `former` was becomes one of the former ones. @throws DomainError version_conflict when it is not the one in force */
  changeSecret(endpointId: string, sealed: string, former: FormerSecret): Promise<void>;
  /** Active ones that want this type of event, in the order of their ids. */
  wanting(eventType: string): Promise<readonly WebhookEndpoint[]>;
  /**
   * Takes the next position under the endpoint's row lock.
   * @returns whether it is the head: behind another one, whoever sends that sends this too
   */
  queue(endpointId: string, delivery: NewDelivery): Promise<boolean>;
  /** One sender per endpoint at a time. @returns false when another has it */
  lease(endpointId: string, owner: string, until: Date, now: Date): Promise<boolean>;
  release(endpointId: string, owner: string): Promise<void>;
  /** The first pending delivery, due or not. */
  head(endpointId: string): Promise<WebhookDelivery | undefined>;
  /** Stores the attempt and what becomes of the delivery. @returns false when the lease was lost meanwhile */
  settle(
    owner: string,
    delivery: WebhookDelivery,
    attempt: DeliveryAttempt & { readonly id: string },
  ): Promise<boolean>;
  /** `undefined`: it works. Keeps the earlier instant while it fails. */
  markFailing(endpointId: string, since: Date | undefined): Promise<void>;
}
