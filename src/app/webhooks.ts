import { DeliverWebhooks } from '../domain/use-cases/deliver-webhooks.ts';
import { ManageWebhooks } from '../domain/use-cases/manage-webhooks.ts';
import { SqlWebhookReadModel } from '../infra/db/webhooks/sql-webhook.read-model.ts';
import { AesSeal } from '../infra/security/aes-seal.ts';
import { HttpWebhookSender } from '../infra/webhooks/http.webhook-sender.ts';
import type { Route } from '../server/route.ts';
import { webhookRoutes } from '../server/webhooks/webhook.routes.ts';
import { VERSION } from '../version.ts';
import type { Core } from './core.ts';

const vaultOf = ({ config }: Core): AesSeal => new AesSeal('webhook-secret', config.encryptionKey);

const allowHttp = ({ config }: Core): boolean => config.webhooks.allowPrivate || config.env !== 'production';

/** Wires what staff do with outgoing webhooks. */
export function wireWebhookRoutes(core: Core): Route[] {
  const { db, clock, config, connections } = core;
  const manage = new ManageWebhooks({
    db,
    clock,
    vault: vaultOf(core),
    rules: { allowHttp: allowHttp(core) },
    overlapSeconds: config.webhooks.secretOverlapSeconds,
  });
  return webhookRoutes(new SqlWebhookReadModel(connections.read), manage);
}

/** What the jobs of the worker send with. */
export function webhookDeliveries(core: Core): DeliverWebhooks {
  const { db, clock, log, config, connections } = core;
  const { allowPrivate, timeoutSeconds } = config.webhooks;
  return new DeliverWebhooks({
    db,
    clock,
    log,
    webhooks: new SqlWebhookReadModel(connections.read),
    vault: vaultOf(core),
    settings: config.webhooks,
    sender: new HttpWebhookSender({
      timeoutSeconds,
      allowPrivate,
      allowHttp: allowHttp(core),
      userAgent: `crossborder-trade/${VERSION}`,
    }),
  });
}
