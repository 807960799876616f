import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../../domain/shared/page.ts';
import type { LoggedDelivery, WebhookReadModel } from '../../../domain/webhooks/webhook.store.ts';
import type { DeliveryStatus, WebhookDelivery, WebhookEndpoint } from '../../../domain/webhooks/webhook.ts';
import type { Sql } from '../sql.ts';
import type { SqlParam } from '../values.ts';
import {
  type AttemptRow,
  DELIVERY_SELECT,
  type DeliveryRow,
  ENDPOINT_SELECT,
  type EndpointRow,
  toAttempt,
  toDelivery,
  toEndpoint,
} from './webhook-rows.ts';

const ENDPOINTS = 'webhook-endpoints';
const DELIVERIES = 'webhook-deliveries';

export class SqlWebhookReadModel implements WebhookReadModel {
  protected readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  async endpoints({ limit, cursor }: PageRequest): Promise<Page<WebhookEndpoint>> {
    const rows = await this.sql.query<EndpointRow>(
      `SELECT ${ENDPOINT_SELECT} FROM webhook_endpoints ${cursor === undefined ? '' : 'WHERE id < ?'}
       ORDER BY id DESC LIMIT ${limit + 1}`,
      cursor === undefined ? [] : decodeCursor(cursor, ENDPOINTS, 1),
    );
    return toPage(rows.map(toEndpoint), limit, ({ id }) => encodeCursor(ENDPOINTS, [id]));
  }

  async findEndpoint(id: string): Promise<WebhookEndpoint | undefined> {
    const [row] = await this.sql.query<EndpointRow>(
      `SELECT ${ENDPOINT_SELECT} FROM webhook_endpoints WHERE id = ?`,
      [id],
    );
    return row && toEndpoint(row);
  }

  async deliveries(
    endpointId: string,
    { status }: { readonly status?: DeliveryStatus | undefined },
    { limit, cursor }: PageRequest,
  ): Promise<Page<WebhookDelivery>> {
    const where = ['endpoint_id = ?'];
    const params: SqlParam[] = [endpointId];
    if (status !== undefined) {
      where.push('status = ?');
      params.push(status);
    }
    if (cursor !== undefined) {
      where.push('position < ?');
      params.push(...decodeCursor(cursor, DELIVERIES, 1));
    }
    const rows = await this.sql.query<DeliveryRow>(
      `SELECT ${DELIVERY_SELECT} FROM webhook_deliveries WHERE ${where.join(' AND ')} ORDER BY position DESC LIMIT ${limit + 1}`,
      params,
    );
    return toPage(rows.map(toDelivery), limit, ({ position }) => encodeCursor(DELIVERIES, [position]));
  }

  async findDelivery(id: string): Promise<LoggedDelivery | undefined> {
    const [row] = await this.sql.query<DeliveryRow>(
      `SELECT ${DELIVERY_SELECT} FROM webhook_deliveries WHERE id = ?`,
      [id],
    );
    if (row === undefined) return undefined;
    const log = await this.sql.query<AttemptRow>(
      'SELECT at, status_code, milliseconds, error, response_body FROM webhook_attempts WHERE delivery_id = ? ORDER BY at, id',
      [id],
    );
    return { ...toDelivery(row), log: log.map(toAttempt) };
  }

  async dueEndpoints(now: Date, limit: number): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `SELECT e.id FROM webhook_endpoints e
       WHERE e.active = ? AND (e.lease_until IS NULL OR e.lease_until <= ?)
         AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.next_attempt_at <= ?
           AND NOT EXISTS (SELECT 1 FROM webhook_deliveries b WHERE b.endpoint_id = e.id AND b.status = 'pending' AND b.position < d.position))
       ORDER BY e.id LIMIT ${limit}`,
      [true, now, now],
    );
    return rows.map((row) => row.id);
  }
}
