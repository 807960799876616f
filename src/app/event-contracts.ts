import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { asyncApiDocument, eventSchemaOf, type JsonSchema } from '../domain/eventstream/event-schema.ts';
import { eventCatalog } from '../domain/use-cases/event-catalog.ts';
import { VERSION } from '../version.ts';
import { eventsPage } from './events-page.ts';

/** The configured name of each topic. */
export const topicNamesOf = ({ kafka }: Pick<Config, 'kafka'>): Readonly<Record<string, string>> =>
  kafka === undefined ? {} : { 'order-events': kafka.ordersTopic, 'stock-events': kafka.stockTopic };

export const asyncApi = (config: Pick<Config, 'kafka'>): JsonSchema =>
  asyncApiDocument(eventCatalog, { version: VERSION, topicNames: topicNamesOf(config) });

/** Writes what is committed: `events.md`, and below `events` a schema per type. @returns the files */
export async function writeContracts(docs: string): Promise<string[]> {
  const folder = join(docs, 'events');
  await mkdir(folder, { recursive: true });
  const files = eventCatalog.map((event): [string, string] => [
    join(folder, `${event.type}.schema.json`),
    `${JSON.stringify(eventSchemaOf(event), undefined, 2)}\n`,
  ]);
  files.push([join(docs, 'events.md'), eventsPage(eventCatalog)]);
  for (const [path, content] of files) await writeFile(path, content);
  return files.map(([path]) => path);
}
