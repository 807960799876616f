import { type Backoff, backoffDelay } from '../shared/backoff.ts';
import { addSeconds, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import { signatureHeaders } from '../webhooks/sign-webhook.ts';
import { DeliverWebhooks as DeliverJob, SendWebhookDisabled } from '../webhooks/webhook.jobs.ts';
import type { SecretVault, WebhookSender } from '../webhooks/webhook.sender.ts';
import type { WebhookReadModel } from '../webhooks/webhook.store.ts';
import {
  type DeliveryAttempt,
  isGone,
  isReceipt,
  type WebhookDelivery,
  type WebhookEndpoint,
} from '../webhooks/webhook.ts';
import type { Database, Tx } from './tx.ts';

export interface WebhookSettings {
  readonly maxAttempts: number;
  /** Milliseconds. */
  readonly backoff: Backoff;
  /** An endpoint that has failed for so long is switched off. */
  readonly disableAfterSeconds: number;
  /** Of one request. */
  readonly timeoutSeconds: number;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly webhooks: WebhookReadModel;
  readonly sender: WebhookSender;
  readonly vault: SecretVault;
  readonly settings: WebhookSettings;
}

/** Beyond the time-out of one request: when a sender has died, another may go on after this. */
const LEASE_MARGIN_SECONDS = 20;
/** Deliveries of one run: others want to run as well. */
const PER_RUN = 100;

interface Turn {
  readonly endpoint: WebhookEndpoint;
  readonly delivery: WebhookDelivery;
  readonly secrets: readonly string[];
}

/**
 * Sends what waits for an endpoint, one after the other: a delivery that fails holds back the later ones until it is
 * received or has had its attempts, so the receiver sees the order of the events. No request is inside a transaction.
 */
export class DeliverWebhooks {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async run(endpointId: string, signal: AbortSignal): Promise<void> {
    const owner = newId();
    for (let sent = 0; sent < PER_RUN; sent += 1) {
      const turn = await this.#nextTurn(endpointId, owner);
      if (turn === undefined) return;
      const attempt = await this.#send(turn, signal);
      // Cut off by the end of the process: nobody's fault, so it counts for nothing.
      if (signal.aborted) break;
      if (!(await this.#settle(owner, turn, attempt))) return;
    }
    await this.#deps.db.transaction(async (tx) => {
      await tx.webhooks.release(endpointId, owner);
      await tx.jobs.enqueue(DeliverJob, { endpointId });
    });
  }

  /** Enqueues what nobody works on, because its worker died. @returns how many endpoints */
  async sweep(limit: number): Promise<number> {
    const { webhooks, clock, db } = this.#deps;
    const due = await webhooks.dueEndpoints(clock.now(), limit);
    await db.transaction(async (tx) => {
      for (const endpointId of due) await tx.jobs.enqueue(DeliverJob, { endpointId });
    });
    return due.length;
  }

  /**
   * Takes the endpoint and its head. When nothing is due the endpoint is given back in the same transaction that
   * looked, so a delivery that is queued later finds it free.
   */
  #nextTurn(endpointId: string, owner: string): Promise<Turn | undefined> {
    const { clock, db, settings } = this.#deps;
    return db.transaction(async (tx) => {
      const now = clock.now();
      const until = addSeconds(now, settings.timeoutSeconds + LEASE_MARGIN_SECONDS);
      if (!(await tx.webhooks.lease(endpointId, owner, until, now))) return undefined;
      const [endpoint, delivery] = [
        await tx.webhooks.findEndpoint(endpointId),
        await tx.webhooks.head(endpointId),
      ];
      if (endpoint?.active === true && delivery !== undefined && delivery.nextAttemptAt <= now) {
        return { endpoint, delivery, secrets: await this.#secrets(tx, endpointId, now) };
      }
      await tx.webhooks.release(endpointId, owner);
      return undefined;
    });
  }

  async #secrets(tx: Tx, endpointId: string, now: Date): Promise<string[]> {
    const stored = await tx.webhooks.secretsOf(endpointId, now);
    if (stored === undefined) throw new Error('an endpoint has no secret');
    const inForce = [stored.sealed, ...stored.former.map(({ sealed }) => sealed)];
    return inForce.map((sealed) => this.#deps.vault.open(sealed, endpointId));
  }

  async #send({ endpoint, delivery, secrets }: Turn, signal: AbortSignal): Promise<DeliveryAttempt> {
    const at = this.#deps.clock.now();
    const { eventId: id, body } = delivery;
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      ...signatureHeaders(secrets, { id, body, at }),
    };
    return { at, ...(await this.#deps.sender.send({ url: endpoint.url, headers, body }, signal)) };
  }

  /** @returns false when this sender has to end: the head must wait, or is another's by now */
  #settle(owner: string, { endpoint, delivery }: Turn, attempt: DeliveryAttempt): Promise<boolean> {
    const { clock, db } = this.#deps;
    return db.transaction(async (tx) => {
      const now = clock.now();
      const after = this.#after(delivery, attempt, now);
      if (!(await tx.webhooks.settle(owner, after, { ...attempt, id: newId() }))) return false;
      if (after.status === 'delivered') {
        await tx.webhooks.markFailing(endpoint.id, undefined);
        return true;
      }
      await tx.webhooks.markFailing(endpoint.id, endpoint.failingSince ?? attempt.at);
      if (await this.#disable(tx, endpoint, attempt, now)) return true;
      if (after.status === 'failed') return true;
      await tx.webhooks.release(endpoint.id, owner);
      await tx.jobs.enqueue(DeliverJob, { endpointId: endpoint.id }, { runAt: after.nextAttemptAt });
      return false;
    });
  }

  #after(delivery: WebhookDelivery, attempt: DeliveryAttempt, now: Date): WebhookDelivery {
    const { maxAttempts, backoff } = this.#deps.settings;
    const attempts = delivery.attempts + 1;
    if (isReceipt(attempt)) return { ...delivery, attempts, status: 'delivered' };
    if (attempts >= maxAttempts) return { ...delivery, attempts, status: 'failed' };
    const wait = backoffDelay(backoff, attempts, Math.random());
    return { ...delivery, attempts, nextAttemptAt: new Date(now.getTime() + wait) };
  }

  /** @returns true when the endpoint has failed for too long, or wants no more, and is off now */
  async #disable(tx: Tx, endpoint: WebhookEndpoint, attempt: DeliveryAttempt, now: Date): Promise<boolean> {
    const { settings, log } = this.#deps;
    const since = endpoint.failingSince ?? attempt.at;
    const long = addSeconds(since, settings.disableAfterSeconds) <= now;
    if (!long && !isGone(attempt)) return false;
    const reason = isGone(attempt)
      ? 'it answered 410 Gone'
      : `no delivery has succeeded since ${since.toISOString()}`;
    const current = await tx.webhooks.findEndpoint(endpoint.id);
    if (current === undefined) return false;
    await tx.webhooks.updateEndpoint({ ...current, active: false, disabledReason: reason }, now);
    await tx.audit.append({
      at: now,
      actor: 'system:webhooks',
      action: 'webhook-endpoint.disable',
      subject: `webhook-endpoint:${endpoint.id}`,
      details: { url: endpoint.url, reason },
    });
    await tx.jobs.enqueue(SendWebhookDisabled, { endpointId: endpoint.id, url: endpoint.url, reason });
    log.warn({ endpointId: endpoint.id, reason }, 'a webhook endpoint was disabled');
    return true;
  }
}
