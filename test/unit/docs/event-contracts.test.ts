import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventsPage } from '../../../src/app/events-page.ts';
import { asyncApiDocument, eventSchemaOf } from '../../../src/domain/eventstream/event-schema.ts';
import { defineEvent } from '../../../src/domain/shared/event.ts';
import { eventCatalog } from '../../../src/domain/use-cases/event-catalog.ts';
import { incompatibilities } from '../../support/schema-compatibility.ts';

const docs = (path: string): string => fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url));
const committed = readdirSync(docs('events')).map((name) => ({
  type: name.replace('.schema.json', ''),
  schema: JSON.parse(readFileSync(docs(`events/${name}`), 'utf8')) as object,
}));
const schemaOf = (type: string) => eventCatalog.find((e) => e.type === type);

describe('the contracts of the events', () => {
  it('keep every type that was published', () => {
    expect(committed.length).toBeGreaterThan(20);
    expect(committed.map(({ type }) => type).filter((type) => schemaOf(type) === undefined)).toEqual([]);
  });

  it('change compatibly only: another change is a new version of the type', () => {
    const broken = committed.flatMap(({ type, schema }) => {
      const event = schemaOf(type);
      return event === undefined
        ? []
        : incompatibilities(schema, eventSchemaOf(event)).map((w) => `${type} ${w}`);
    });
    expect(broken).toEqual([]);
  });

  it('are committed as they are: npm run event-contracts writes them', () => {
    const now = eventCatalog.map((e) => ({ type: e.type, schema: eventSchemaOf(e) }));
    const byType = (a: { type: string }, b: { type: string }) => (a.type < b.type ? -1 : 1);
    expect([...committed].sort(byType)).toEqual(now.sort(byType));
    expect(readFileSync(docs('events.md'), 'utf8')).toBe(eventsPage(eventCatalog));
  });

  it('stand in an AsyncAPI document whose references all lead somewhere', () => {
    const document = asyncApiDocument(eventCatalog, {
      version: '1.0.0',
      topicNames: { 'order-events': 'shop-orders' },
    });
    expect(document).toMatchObject({
      asyncapi: '3.0.0',
      channels: { 'order-events': { address: 'shop-orders' }, 'stock-events': { address: 'stock-events' } },
    });
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, p = '']) => p);
    expect(references.length).toBeGreaterThan(eventCatalog.length);
    for (const reference of references) {
      const target = reference
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
      expect(target).toBeDefined();
    }
  });
});

describe('the test of compatibility', () => {
  const event = (schema: z.ZodType) =>
    eventSchemaOf(
      defineEvent({
        type: 'test.happened.v1',
        topic: 'order-events',
        aggregateType: 'order',
        summary: 'for tests',
        schema,
      }),
    );
  const fields = {
    id: z.string(),
    note: z.string().optional(),
    kind: z.enum(['a', 'b']),
    lines: z.array(z.object({ quantity: z.int() })),
    who: z.string().nullable(),
  };
  const before = event(z.object(fields));
  const { id, note, ...others } = fields;
  const withoutNote = { ...others, id };
  const withoutId = { ...others, note };

  it.each([
    ['nothing', fields],
    ['a new optional field', { ...fields, more: z.string().optional() }],
  ])('lets pass %s', (_, after) => {
    expect(incompatibilities(before, event(z.object(after)))).toEqual([]);
  });

  it.each<[string, Record<string, z.ZodType>, string]>([
    ['a required field that is gone', withoutId, '$.data.id: is gone'],
    ['an optional field that is gone', withoutNote, '$.data.note: is gone'],
    ['a renamed field', { ...withoutId, key: z.string() }, '$.data.id: is gone'],
    ['another type', { ...fields, id: z.int() }, '$.data.id: type was'],
    [
      'another type in a list',
      { ...fields, lines: z.array(z.object({ quantity: z.string() })) },
      '$.data.lines[].quantity: type',
    ],
    ['a newly required field', { ...fields, more: z.string() }, '$.data.more: is newly required'],
    ['a field that may be missing now', { ...fields, id: z.string().optional() }, 'no longer always there'],
    ['a smaller set of values', { ...fields, kind: z.enum(['a']) }, '$.data.kind: the values were'],
    ['a larger set of values', { ...fields, kind: z.enum(['a', 'b', 'c']) }, '$.data.kind: the values were'],
    ['null no longer', { ...fields, who: z.string() }, '$.data.who: '],
  ])('finds %s', (_, after, what) => {
    expect(incompatibilities(before, event(z.object(after))).join('\n')).toContain(what);
  });
});
