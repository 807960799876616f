import { type Actor, actorLabel } from '../shared/actor.ts';
import { addSeconds, type Clock } from '../shared/clock.ts';
import { DomainError, invalidField, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { type Once, Replay } from '../shared/once.ts';
import { newWebhookSecret } from '../webhooks/sign-webhook.ts';
import { DeliverWebhooks } from '../webhooks/webhook.jobs.ts';
import type { SecretVault } from '../webhooks/webhook.sender.ts';
import {
  checkEndpointUrl,
  type FormerSecret,
  MAX_FORMER_SECRETS,
  type UrlRules,
  type WebhookDelivery,
  type WebhookEndpoint,
} from '../webhooks/webhook.ts';
import { eventCatalog } from './event-catalog.ts';
import type { Database, Tx } from './tx.ts';

export type EndpointInput = Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes' | 'active'>;

export interface IssuedEndpoint {
  readonly endpoint: WebhookEndpoint;
  /** `whsec_...`: shown here, and never again. */
  readonly secret: string;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: SecretVault;
  readonly rules: UrlRules;
  /** How long the former secret signs beside the new one. */
  readonly overlapSeconds: number;
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(eventCatalog.map(({ type }) => type));

/** What staff do with the endpoints of merchants' systems. */
export class ManageWebhooks {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws DomainError validation_failed */
  create(actor: Actor, input: EndpointInput, once?: Once<IssuedEndpoint>): Promise<IssuedEndpoint> {
    this.#check(input);
    const [id, secret, createdAt] = [newId(), newWebhookSecret(), this.#deps.clock.now()];
    const endpoint: WebhookEndpoint = {
      ...input,
      id,
      createdAt,
      version: 1,
      disabledReason: undefined,
      failingSince: undefined,
    };
    return this.#issue(once, async (tx) => {
      const sealed = this.#deps.vault.seal(secret, id);
      await tx.webhooks.insertEndpoint(endpoint, sealed);
      await this.#audit(tx, actor, 'webhook-endpoint.create', endpoint);
      return { endpoint, secret };
    });
  }

  /**
   * Set active again, an endpoint goes on with what it has not received.
   * @throws DomainError not_found, version_conflict, validation_failed
   */
  update(
    actor: Actor,
    id: string,
    version: number,
    change: Partial<EndpointInput>,
  ): Promise<WebhookEndpoint> {
    return this.#deps.db.transaction(async (tx) => {
      const before = await tx.webhooks.findEndpoint(id);
      if (before === undefined) throw notFound('webhook endpoint');
      const wanted = { ...before, ...change, version };
      this.#check(wanted);
      const resumed = wanted.active && !before.active;
      const after = await tx.webhooks.updateEndpoint(
        {
          ...wanted,
          ...(wanted.active && { disabledReason: undefined }),
          ...(resumed && { failingSince: undefined }),
        },
        this.#deps.clock.now(),
      );
      if (resumed) await tx.jobs.enqueue(DeliverWebhooks, { endpointId: id });
      await this.#audit(tx, actor, 'webhook-endpoint.update', after);
      return after;
    });
  }

  /** With its deliveries and their log. @throws DomainError not_found */
  delete(actor: Actor, id: string): Promise<void> {
    return this.#deps.db.transaction(async (tx) => {
      const endpoint = await tx.webhooks.findEndpoint(id);
      if (endpoint === undefined || !(await tx.webhooks.deleteEndpoint(id)))
        throw notFound('webhook endpoint');
      await this.#audit(tx, actor, 'webhook-endpoint.delete', endpoint);
    });
  }

  /**
   * A new secret; the one of this moment signs beside it for a while, and those before it until their own time.
   * @throws DomainError not_found, conflict when so many are in force that a request would grow too large
   */
  rotateSecret(actor: Actor, id: string, once?: Once<IssuedEndpoint>): Promise<IssuedEndpoint> {
    const secret = newWebhookSecret();
    const { clock, vault, overlapSeconds } = this.#deps;
    return this.#issue(once, async (tx) => {
      const now = clock.now();
      const [endpoint, secrets] = [await tx.webhooks.findEndpoint(id), await tx.webhooks.secretsOf(id, now)];
      if (endpoint === undefined || secrets === undefined) throw notFound('webhook endpoint');
      if (secrets.former.length >= MAX_FORMER_SECRETS) throw tooManySecrets(secrets.former);
      const former = { sealed: secrets.sealed, until: addSeconds(now, overlapSeconds) };
      await tx.webhooks.changeSecret(id, vault.seal(secret, id), former);
      await this.#audit(tx, actor, 'webhook-endpoint.rotate-secret', endpoint);
      return { endpoint, secret };
    });
  }

  /**
   * The same event again, with the same `webhook-id`, after what already waits for the endpoint.
   * @throws DomainError not_found, conflict while the delivery still waits, or the endpoint is not active
   */
  redeliver(actor: Actor, deliveryId: string, once?: Once<WebhookDelivery>): Promise<WebhookDelivery> {
    return this.#deps.db.transaction(async (tx) => {
      const delivery = await tx.webhooks.findDelivery(deliveryId);
      if (delivery === undefined) throw notFound('webhook delivery');
      if (delivery.status === 'pending')
        throw new DomainError('conflict', 'the delivery still waits for its turn');
      const endpoint = await tx.webhooks.findEndpoint(delivery.endpointId);
      if (endpoint?.active !== true)
        throw new DomainError('conflict', 'the endpoint is not active: set it active first');
      const { endpointId, eventId, eventType, body } = delivery;
      const id = newId();
      const first = await tx.webhooks.queue(endpointId, { id, eventId, eventType, body });
      if (first) await tx.jobs.enqueue(DeliverWebhooks, { endpointId }, { uniqueKey: `webhook:${id}` });
      await this.#audit(tx, actor, 'webhook-delivery.redeliver', endpoint, { deliveryId, eventId });
      const queued = await tx.webhooks.findDelivery(id);
      if (queued === undefined) throw new Error('the delivery that was queued is not there');
      return queued;
    }, once);
  }

  /** No secret is stored with a reply: whoever repeats his request is told the endpoint's again. */
  async #issue(
    once: Once<IssuedEndpoint> | undefined,
    work: (tx: Tx) => Promise<IssuedEndpoint>,
  ): Promise<IssuedEndpoint> {
    try {
      return await this.#deps.db.transaction(work, once);
    } catch (error) {
      throw error instanceof Replay ? await this.#withSecret(error) : error;
    }
  }

  /** @throws DomainError not_found when the endpoint was deleted since */
  async #withSecret({ reply }: Replay): Promise<Replay> {
    const { db, vault } = this.#deps;
    const body = reply.body as { readonly id: string };
    const secrets = await db.transaction((tx) => tx.webhooks.secretsOf(body.id, this.#deps.clock.now()));
    if (secrets === undefined) throw notFound('webhook endpoint');
    return new Replay({ ...reply, body: { ...body, secret: vault.open(secrets.sealed, body.id) } });
  }

  #check({ url, eventTypes }: Pick<EndpointInput, 'url' | 'eventTypes'>): void {
    checkEndpointUrl(url, this.#deps.rules);
    const unknown = eventTypes.findIndex((type) => !KNOWN_TYPES.has(type));
    if (unknown >= 0) {
      throw invalidField(`eventTypes.${unknown}`, 'not a type of event: GET /api/schema/events/ lists them');
    }
  }

  #audit(tx: Tx, actor: Actor, action: string, endpoint: WebhookEndpoint, more: object = {}): Promise<void> {
    return tx.audit.append({
      at: this.#deps.clock.now(),
      actor: actorLabel(actor),
      action,
      subject: `webhook-endpoint:${endpoint.id}`,
      details: { url: endpoint.url, active: endpoint.active, ...more },
    });
  }
}

const tooManySecrets = (former: readonly FormerSecret[]): DomainError =>
  new DomainError(
    'conflict',
    `${former.length} former secrets are still in force: change the secret again after ${former.at(-1)?.until.toISOString() ?? ''}, or make another endpoint`,
  );
