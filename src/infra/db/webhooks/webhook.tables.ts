import { EntitySchema } from 'typeorm';
import { bool, datetime, id, int, json, largeText, longText, nullable, primaryId, text } from '../columns.ts';

interface EndpointRow {
  id: string;
  url: string;
  description: string;
  eventTypes: unknown;
  active: boolean;
  disabledReason: string | null;
  failingSince: Date | null;
  /** Sealed, as the former one: the newest of those that still sign. */
  secret: string;
  formerSecret: string | null;
  formerSecretUntil: Date | null;
  /** Of the newest delivery. */
  lastPosition: number;
  leaseOwner: string | null;
  leaseUntil: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const endpointTable = new EntitySchema<EndpointRow>({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoints',
  columns: {
    id: primaryId(),
    url: text(500),
    description: text(200),
    eventTypes: json(),
    active: bool(),
    disabledReason: text(200, nullable),
    failingSince: datetime(nullable),
    secret: longText(),
    formerSecret: longText(nullable),
    formerSecretUntil: datetime(nullable),
    lastPosition: int(),
    leaseOwner: id(nullable),
    leaseUntil: datetime(nullable),
    version: int(),
    createdAt: datetime(),
    updatedAt: datetime(),
  },
  indices: [{ name: 'idx_webhook_endpoints_active', columns: ['active'] }],
});

const refersTo = (name: string, target: string, column: string) => ({
  name,
  target,
  columnNames: [column],
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE' as const,
  onUpdate: 'NO ACTION' as const,
});

interface FormerSecretRow {
  id: string;
  endpointId: string;
  /** Sealed: one that still signs, besides those in the row of the endpoint. */
  secret: string;
  expiresAt: Date;
}

const formerSecretTable = new EntitySchema<FormerSecretRow>({
  name: 'WebhookFormerSecret',
  tableName: 'webhook_former_secrets',
  columns: { id: primaryId(), endpointId: id(), secret: longText(), expiresAt: datetime() },
  indices: [{ name: 'idx_webhook_former_secrets_endpoint', columns: ['endpointId', 'expiresAt'] }],
  foreignKeys: [refersTo('fk_webhook_former_secrets_endpoint', 'WebhookEndpoint', 'endpointId')],
});

interface DeliveryRow {
  id: string;
  endpointId: string;
  position: number;
  eventId: string;
  eventType: string;
  body: string;
  status: string;
  attempts: number;
  nextAttemptAt: Date;
  createdAt: Date;
}

const deliveryTable = new EntitySchema<DeliveryRow>({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  columns: {
    id: primaryId(),
    endpointId: id(),
    position: int(),
    eventId: text(64),
    eventType: text(100),
    body: largeText(),
    status: text(10),
    attempts: int(),
    nextAttemptAt: datetime(),
    createdAt: datetime(),
  },
  indices: [
    { name: 'uq_webhook_deliveries_position', columns: ['endpointId', 'position'], unique: true },
    { name: 'idx_webhook_deliveries_head', columns: ['endpointId', 'status', 'position'] },
    { name: 'idx_webhook_deliveries_due', columns: ['status', 'nextAttemptAt'] },
    { name: 'idx_webhook_deliveries_created_at', columns: ['createdAt'] },
  ],
  foreignKeys: [refersTo('fk_webhook_deliveries_endpoint', 'WebhookEndpoint', 'endpointId')],
});

interface AttemptRow {
  id: string;
  deliveryId: string;
  at: Date;
  statusCode: number | null;
  milliseconds: number;
  error: string | null;
  responseBody: string | null;
}

const attemptTable = new EntitySchema<AttemptRow>({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempts',
  columns: {
    id: primaryId(),
    deliveryId: id(),
    at: datetime(),
    statusCode: int(nullable),
    milliseconds: int(),
    error: text(300, nullable),
    responseBody: longText(nullable),
  },
  indices: [{ name: 'idx_webhook_attempts_delivery', columns: ['deliveryId', 'at'] }],
  foreignKeys: [refersTo('fk_webhook_attempts_delivery', 'WebhookDelivery', 'deliveryId')],
});

export const webhookTables = [endpointTable, formerSecretTable, deliveryTable, attemptTable] as const;
