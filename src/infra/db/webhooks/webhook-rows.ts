import type {
  DeliveryAttempt,
  DeliveryStatus,
  WebhookDelivery,
  WebhookEndpoint,
} from '../../../domain/webhooks/webhook.ts';
import {
  type RawBoolean,
  type RawDate,
  type RawJson,
  toBool,
  toDate,
  toJson,
  toOptionalDate,
} from '../values.ts';

export interface EndpointRow {
  id: string;
  url: string;
  description: string;
  event_types: RawJson;
  active: RawBoolean;
  disabled_reason: string | null;
  failing_since: RawDate | null;
  created_at: RawDate;
  version: number;
}

export const ENDPOINT_SELECT =
  'id, url, description, event_types, active, disabled_reason, failing_since, created_at, version';

export const toEndpoint = (row: EndpointRow): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  description: row.description,
  eventTypes: toJson(row.event_types) as string[],
  active: toBool(row.active),
  disabledReason: row.disabled_reason ?? undefined,
  failingSince: toOptionalDate(row.failing_since),
  createdAt: toDate(row.created_at),
  version: row.version,
});

export interface DeliveryRow {
  id: string;
  endpoint_id: string;
  position: number;
  event_id: string;
  event_type: string;
  body: string;
  status: DeliveryStatus;
  attempts: number;
  next_attempt_at: RawDate;
  created_at: RawDate;
}

export const DELIVERY_SELECT =
  'id, endpoint_id, position, event_id, event_type, body, status, attempts, next_attempt_at, created_at';

export const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  id: row.id,
  endpointId: row.endpoint_id,
  position: row.position,
  eventId: row.event_id,
  eventType: row.event_type,
  body: row.body,
  status: row.status,
  attempts: row.attempts,
  nextAttemptAt: toDate(row.next_attempt_at),
  createdAt: toDate(row.created_at),
});

export interface AttemptRow {
  at: RawDate;
  status_code: number | null;
  milliseconds: number;
  error: string | null;
  response_body: string | null;
}

export const toAttempt = (row: AttemptRow): DeliveryAttempt => ({
  at: toDate(row.at),
  statusCode: row.status_code ?? undefined,
  milliseconds: row.milliseconds,
  error: row.error ?? undefined,
  responseBody: row.response_body ?? undefined,
});
