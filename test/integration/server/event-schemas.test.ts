import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { parse } from 'yaml';
import { eventCatalog } from '../../../src/domain/use-cases/event-catalog.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

describe('the contracts that a server publishes', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await setupApp();
  });
  afterAll(() => t.close());

  it('lead from an index to the schema of each type', async () => {
    const index = await request(t.http).get('/api/schema/events/').expect(200);
    const { events } = index.body as { events: { type: string; schema: string }[] };
    expect(events.map(({ type }) => type)).toEqual(eventCatalog.map(({ type }) => type));
    for (const { type, schema } of events) {
      const reply = await request(t.http)
        .get(schema)
        .expect(200)
        .expect('content-type', /application\/schema\+json/);
      expect(JSON.parse(reply.text)).toMatchObject({ title: type, properties: { type: { const: type } } });
    }
  });

  it('say so when there is no such type', async () => {
    const reply = await request(t.http).get('/api/schema/events/order.eaten.v1').expect(404);
    expect(reply.body).toMatchObject({ code: 'not_found' });
  });

  it('are one AsyncAPI document, in JSON and in YAML', async () => {
    const json = await request(t.http).get('/api/schema/asyncapi.json').expect(200);
    const yaml = await request(t.http).get('/api/schema/asyncapi.yaml').expect(200);
    expect(json.body).toMatchObject({ asyncapi: '3.0.0' });
    expect(parse(yaml.text)).toEqual(json.body);
  });
});
