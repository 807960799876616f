import { eventSchemaOf } from '../domain/eventstream/event-schema.ts';
import type { EventType } from '../domain/shared/event.ts';

const HEAD = `# Events
<!-- Generated from the catalogue of events by \`npm run event-contracts\`: change the events, not this page. -->

What the shop publishes: on Kafka, in the embedded event log, and to [webhook endpoints](webhooks.md). Each is a CloudEvent 1.0 in its JSON format. A running server has the same contracts at \`/api/schema/events/\` (an index, and a JSON Schema per type), and as AsyncAPI 3 at \`/api/schema/asyncapi.json\` and \`.yaml\`; \`crossborder asyncapi\` prints them without a server.

## What a reader may rely on
- **At least once.** An event may come again, with the same \`id\`. Remember the ids that you have handled, in the transaction of what you did.
- **In order, per aggregate.** The message key is \`subject\`, the id of the order or of the stock level; payments and returns belong to their order. \`aggregatesequence\` grows by one. The first occurrence of each is in order; what is repeated may be old: drop a sequence that you have passed.
- **Additions only, within a version.** Pass over fields that you do not know. A change that an old reader could not take is a new version of the type (\`order.created.v2\`), published beside the old one for a while. A test holds the schemas in [events/](events/) to that.
- Headers on Kafka: \`content-type\`, \`id\`, \`type\`, \`aggregate\`, \`sequence\`, \`idempotency-key\`, and when known \`correlation-id\` and \`traceparent\`.

## The consumers of this program
| group | does |
|---|---|
| \`notifications\` | mails to the buyer |
| \`payments\` | gives money back that was promised |
| \`stock\` | keeps the stock projection (\`GET /api/v1/stock/availability\`; \`crossborder stock rebuild\`) |
| \`alerts\` | tells staff of low stock |
| \`webhooks\` | queues deliveries to endpoints |

Each event has its effect once per group: an inbox row, and the position of its aggregate, commit together with it; the offset is committed after that. \`crossborder events lag\` shows how far each group is behind.

**What cannot be handled** (not JSON, not a CloudEvent, no headers, an unknown type or version, a payload that does not fit, or an effect that failed five times) is kept with its cause, and the partition moves on. While a dependency is away the message waits instead. An event that comes behind a later one of its aggregate, and was never handled, is kept in the same way: that happens where partitions are added while a group is behind.
- \`crossborder events dead list\`, \`show ID\`: what and why.
- \`crossborder events dead replay ID ...\`, or \`--group\`, \`--type\` or \`--all\` instead of ids: handle them now, once each, when the cause is gone; what still cannot be handled stays. Later events of its aggregate have had their effect meanwhile.
- \`crossborder events dead skip ID --reason TEXT\`: give it up. Both are on the audit log.

## The catalogue
`;

/** The text of docs/events.md. */
export function eventsPage(events: readonly EventType<unknown>[]): string {
  const topics = [...new Set(events.map((event) => event.topic))];
  const parts = topics.map((topic) => {
    const rows = events.filter((event) => event.topic === topic).map(rowOf);
    return `### ${topic}\n| type | tells | data |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${HEAD}${parts.join('\n')}`;
}

function rowOf(event: EventType<unknown>): string {
  const { properties } = eventSchemaOf(event) as { properties: { data: DataSchema } };
  const { data } = properties;
  const fields = Object.keys(data.properties ?? {}).map((name) =>
    data.required?.includes(name) ? `\`${name}\`` : `\`${name}\`?`,
  );
  return `| [\`${event.type}\`](events/${event.type}.schema.json) | ${event.summary} | ${fields.join(', ')} |`;
}

interface DataSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}
