import type { BrowseOptions } from '../../domain/eventstream/event-log.ts';
import type { Topic } from '../../domain/shared/event.ts';
import { Wake } from '../../domain/shared/wake.ts';
import type { Sql } from '../db/sql.ts';
import { type RawInteger, toInt } from '../db/values.ts';
import { type MessageRow, toReceived } from './local-message.ts';

const BATCH = 500;
/** How soon messages of another process are noticed, where no Redis tells, in milliseconds. */
const POLL = 200;

/** Reads the table of messages without a group. */
export async function browseTable(
  read: Sql,
  onAppended: (listener: () => void) => () => void,
  { topics, follow, signal, handle }: BrowseOptions,
): Promise<void> {
  const wake = new Wake();
  const unsubscribe = onAppended(wake.wake);
  signal.addEventListener('abort', wake.wake, { once: true });
  try {
    const ends = await Promise.all(topics.map((topic) => lastPosition(read, topic)));
    const positions = topics.map((_, i) => (follow ? (ends[i] ?? 0) : 0));
    while (!signal.aborted) {
      let news = 0;
      for (const [i, topic] of topics.entries()) {
        const end = follow ? Number.MAX_SAFE_INTEGER : (ends[i] ?? 0);
        const rows = await page(read, topic, { after: positions[i] ?? 0, end });
        for (const row of rows) handle(toReceived(topic, row));
        positions[i] = toInt(rows.at(-1)?.position ?? positions[i] ?? 0);
        news += rows.length;
      }
      if (news > 0) continue;
      if (!follow) return;
      await wake.sleep(POLL);
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', wake.wake);
  }
}

async function lastPosition(read: Sql, topic: Topic): Promise<number> {
  const [row] = await read.query<{ last: RawInteger | null }>(
    'SELECT MAX(position) AS last FROM event_log WHERE topic = ?',
    [topic],
  );
  return toInt(row?.last ?? 0);
}

const page = (
  read: Sql,
  topic: Topic,
  { after, end }: { after: number; end: number },
): Promise<MessageRow[]> =>
  read.query<MessageRow>(
    `SELECT position, message_key, headers, value FROM event_log
     WHERE topic = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?`,
    [topic, after, end, BATCH],
  );
