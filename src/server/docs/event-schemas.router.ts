import { Router } from 'express';
import { asyncApiDocument, eventSchemaIndex, eventSchemaOf } from '../../domain/eventstream/event-schema.ts';
import { notFound } from '../../domain/shared/errors.ts';
import type { EventType } from '../../domain/shared/event.ts';

/** The contracts of the events: an index, a JSON Schema per type and version, and an AsyncAPI document. */
export function eventSchemasRouter(
  events: readonly EventType<unknown>[],
  about: Parameters<typeof asyncApiDocument>[1],
): Router {
  const router = Router();
  router.get(['/api/schema/events', '/api/schema/events/'], (_req, res) => {
    res.json(eventSchemaIndex(events));
  });
  router.get('/api/schema/events/:type', (req, res) => {
    const event = events.find(({ type }) => type === req.params.type);
    if (event === undefined) throw notFound('event type');
    res.type('application/schema+json').send(JSON.stringify(eventSchemaOf(event)));
  });
  router.get('/api/schema/asyncapi.json', (_req, res) => {
    res.json(asyncApiDocument(events, about));
  });
  router.get('/api/schema/asyncapi.yaml', async (_req, res) => {
    const { stringify } = await import('yaml');
    res
      .type('application/yaml')
      .send(stringify(asyncApiDocument(events, about), { aliasDuplicateObjects: false }));
  });
  return router;
}
