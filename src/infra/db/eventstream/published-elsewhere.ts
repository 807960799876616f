import { list, type Sql } from '../sql.ts';
import { type RawInteger, toInt } from '../values.ts';

/** Published, and not into the embedded log. */
const ELSEWHERE = `FROM outbox o WHERE o.status = 'sent'
  AND NOT EXISTS (SELECT 1 FROM event_log l WHERE l.topic = o.topic AND l.event_id = o.id)`;

/**
 * How many events of these types went to another log than the embedded one, and were never handled by the group.
 * Reads what the outbox still has of what was published.
 */
export async function unhandledElsewhere(
  sql: Sql,
  { group, types }: { readonly group: string; readonly types: readonly string[] },
): Promise<number> {
  const [row] = await sql.query<{ n: RawInteger }>(
    `SELECT COUNT(*) AS n ${ELSEWHERE} AND o.type IN (${list(types.length)})
     AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.consumer_group = ? AND i.event_id = o.id)
     AND NOT EXISTS (SELECT 1 FROM consumer_dead_letters d WHERE d.consumer_group = ? AND d.event_id = o.id)`,
    [...types, group, group],
  );
  return toInt(row?.n ?? 0);
}

/** Whether there may be any: one look for all groups. */
export const anyElsewhere = async (sql: Sql): Promise<boolean> =>
  (await sql.query(`SELECT o.id ${ELSEWHERE} LIMIT 1`)).length > 0;
