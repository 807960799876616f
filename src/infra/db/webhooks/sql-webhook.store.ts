import type { Clock } from '../../../domain/shared/clock.ts';
import { DomainError } from '../../../domain/shared/errors.ts';
import { newId } from '../../../domain/shared/ids.ts';
import type { NewDelivery, WebhookStore } from '../../../domain/webhooks/webhook.store.ts';
import type {
  DeliveryAttempt,
  FormerSecret,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookSecrets,
} from '../../../domain/webhooks/webhook.ts';
import type { Sql } from '../sql.ts';
import { type RawDate, toDate } from '../values.ts';
import { SqlWebhookReadModel } from './sql-webhook.read-model.ts';
import {
  DELIVERY_SELECT,
  type DeliveryRow,
  ENDPOINT_SELECT,
  type EndpointRow,
  toDelivery,
  toEndpoint,
} from './webhook-rows.ts';

export class SqlWebhookStore extends SqlWebhookReadModel implements WebhookStore {
  readonly #clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    super(sql);
    this.#clock = clock;
  }

  async insertEndpoint(e: WebhookEndpoint, sealed: string): Promise<void> {
    await this.sql.run(
      `INSERT INTO webhook_endpoints (id, url, description, event_types, active, secret, last_position, version, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
      [
        ...[e.id, e.url, e.description, JSON.stringify(e.eventTypes), e.active, sealed],
        ...[e.version, e.createdAt, e.createdAt],
      ],
    );
  }

  async updateEndpoint(e: WebhookEndpoint, at: Date): Promise<WebhookEndpoint> {
    const { affected } = await this.sql.run(
      `UPDATE webhook_endpoints SET url = ?, description = ?, event_types = ?, active = ?, disabled_reason = ?, failing_since = ?,
       updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
      [
        ...[e.url, e.description, JSON.stringify(e.eventTypes), e.active, e.disabledReason, e.failingSince],
        ...[at, e.id, e.version],
      ],
    );
    if (affected === 1) return { ...e, version: e.version + 1 };
    throw new DomainError('version_conflict', 'the endpoint has been changed since: read it again');
  }

  async deleteEndpoint(id: string): Promise<boolean> {
    const { affected } = await this.sql.run('DELETE FROM webhook_endpoints WHERE id = ?', [id]);
    return affected === 1;
  }

  async secretsOf(endpointId: string, at: Date): Promise<WebhookSecrets | undefined> {
    const [row] = await this.sql.query<{ secret: string }>(
      'SELECT secret FROM webhook_endpoints WHERE id = ?',
      [endpointId],
    );
    if (row === undefined) return undefined;
    const former = await this.sql.query<{ secret: string; expires_at: RawDate }>(
      `SELECT former_secret AS secret, former_secret_until AS expires_at FROM webhook_endpoints
       WHERE id = ? AND former_secret IS NOT NULL AND former_secret_until > ?
       UNION ALL SELECT secret, expires_at FROM webhook_former_secrets WHERE endpoint_id = ? AND expires_at > ?
       ORDER BY expires_at DESC`,
      [endpointId, at, endpointId, at],
    );
    return {
      sealed: row.secret,
      former: former.map(({ secret, expires_at }) => ({ sealed: secret, until: toDate(expires_at) })),
    };
  }

  async changeSecret(endpointId: string, sealed: string, former: FormerSecret): Promise<void> {
    const now = this.#clock.now();
    await this.sql.run('DELETE FROM webhook_former_secrets WHERE endpoint_id = ? AND expires_at <= ?', [
      ...[endpointId, now],
    ]);
    await this.sql.run(
      `INSERT INTO webhook_former_secrets (id, endpoint_id, secret, expires_at)
       SELECT ?, id, former_secret, former_secret_until FROM webhook_endpoints WHERE id = ? AND former_secret_until > ?`,
      [newId(), endpointId, now],
    );
    const { affected } = await this.sql.run(
      'UPDATE webhook_endpoints SET secret = ?, former_secret = ?, former_secret_until = ? WHERE id = ? AND secret = ?',
      [sealed, former.sealed, former.until, endpointId, former.sealed],
    );
    if (affected === 0)
      throw new DomainError('version_conflict', 'the secret has been changed by another request: ask again');
  }

  async wanting(eventType: string): Promise<readonly WebhookEndpoint[]> {
    const rows = await this.sql.query<EndpointRow>(
      `SELECT ${ENDPOINT_SELECT} FROM webhook_endpoints WHERE active = ? ORDER BY id`,
      [true],
    );
    return rows.map(toEndpoint).filter(({ eventTypes: t }) => t.length === 0 || t.includes(eventType));
  }

  async queue(endpointId: string, { id, eventId, eventType, body }: NewDelivery): Promise<boolean> {
    const { affected } = await this.sql.run(
      'UPDATE webhook_endpoints SET last_position = last_position + 1 WHERE id = ?',
      [endpointId],
    );
    const at = this.#clock.now();
    // Deleted meanwhile: nobody is to be told.
    if (affected === 0) return false;
    await this.sql.run(
      `INSERT INTO webhook_deliveries (id, endpoint_id, position, event_id, event_type, body, status, attempts, next_attempt_at, created_at)
       SELECT ?, id, last_position, ?, ?, ?, 'pending', 0, ?, ? FROM webhook_endpoints WHERE id = ?`,
      [id, eventId, eventType, body, at, at, endpointId],
    );
    return (await this.head(endpointId))?.id === id;
  }

  async lease(endpointId: string, owner: string, until: Date, now: Date): Promise<boolean> {
    const { affected } = await this.sql.run(
      `UPDATE webhook_endpoints SET lease_owner = ?, lease_until = ?
       WHERE id = ? AND (lease_owner IS NULL OR lease_owner = ? OR lease_until <= ?)`,
      [owner, until, endpointId, owner, now],
    );
    // MySQL counts a row that is renewed within the same instant as not affected.
    return affected === 1 || (await this.#isLeasedBy(endpointId, owner));
  }

  async #isLeasedBy(endpointId: string, owner: string): Promise<boolean> {
    const rows = await this.sql.query('SELECT id FROM webhook_endpoints WHERE id = ? AND lease_owner = ?', [
      endpointId,
      owner,
    ]);
    return rows.length === 1;
  }

  async release(endpointId: string, owner: string): Promise<void> {
    await this.sql.run(
      'UPDATE webhook_endpoints SET lease_owner = NULL, lease_until = NULL WHERE id = ? AND lease_owner = ?',
      [endpointId, owner],
    );
  }

  async head(endpointId: string): Promise<WebhookDelivery | undefined> {
    const [row] = await this.sql.query<DeliveryRow>(
      `SELECT ${DELIVERY_SELECT} FROM webhook_deliveries WHERE endpoint_id = ? AND status = 'pending' ORDER BY position LIMIT 1`,
      [endpointId],
    );
    return row && toDelivery(row);
  }

  async settle(
    owner: string,
    delivery: WebhookDelivery,
    attempt: DeliveryAttempt & { readonly id: string },
  ): Promise<boolean> {
    const { affected } = await this.sql.run(
      `UPDATE webhook_deliveries SET status = ?, attempts = ?, next_attempt_at = ?
       WHERE id = ? AND status = 'pending' AND attempts = ?
         AND EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.id = endpoint_id AND e.lease_owner = ?)`,
      [
        ...[delivery.status, delivery.attempts, delivery.nextAttemptAt, delivery.id],
        ...[delivery.attempts - 1, owner],
      ],
    );
    if (affected === 0) return false;
    await this.sql.run(
      'INSERT INTO webhook_attempts (id, delivery_id, at, status_code, milliseconds, error, response_body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [
        ...[attempt.id, delivery.id, attempt.at, attempt.statusCode, attempt.milliseconds],
        ...[attempt.error?.slice(0, 300), attempt.responseBody],
      ],
    );
    return true;
  }

  async markFailing(endpointId: string, since: Date | undefined): Promise<void> {
    await this.sql.run('UPDATE webhook_endpoints SET failing_since = ? WHERE id = ?', [since, endpointId]);
  }
}
