import { Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import type { ReceivedMessage } from '../../domain/eventstream/event-log.ts';
import type { Topic } from '../../domain/shared/event.ts';

const TOPICS = ['order-events', 'stock-events'] as const satisfies readonly Topic[];

export default class EventsTail extends BaseCommand {
  static override summary = 'Follow the event log live until Ctrl-C';
  static override description =
    'Shows what is published from now on; with --all what is there first, and with --no-follow only that. One event a line; with --json one JSON object a line.';
  static override examples = [
    '<%= config.bin %> events tail',
    '<%= config.bin %> events tail --all --no-follow --json',
  ];
  static override flags = {
    topic: Flags.option({ description: 'only this topic', options: TOPICS })(),
    all: Flags.boolean({ description: 'begin with what is there' }),
    follow: Flags.boolean({ description: 'wait for more', default: true, allowNo: true }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(EventsTail);
    const topics = flags.topic === undefined ? TOPICS : [flags.topic];
    const stopping = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
    const show = this.jsonEnabled() ? asJson : asText;
    const handle = (message: ReceivedMessage): void => void process.stdout.write(`${show(message)}\n`);
    const { signal } = stopping;
    await this.withApp(async (app) => {
      const { eventLog } = await app.work();
      if (flags.all || !flags.follow) await eventLog.browse({ topics, follow: false, signal, handle });
      if (flags.follow) await eventLog.browse({ topics, follow: true, signal, handle });
    });
  }
}

const asText = ({ headers, topic, partition, position, key }: ReceivedMessage): string =>
  `${topic}/${partition}@${position}  ${key ?? ''} #${headers.sequence ?? '?'}  ${headers.type ?? 'no type'}  ${headers.id ?? ''}`;

function asJson({ topic, partition, position, key, headers, value }: ReceivedMessage): string {
  let event: unknown = value;
  try {
    event = JSON.parse(value);
  } catch {
    // Shown as the text it is.
  }
  return JSON.stringify({ topic, partition, position, key, headers, event });
}
