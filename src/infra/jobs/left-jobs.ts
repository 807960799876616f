import type { Connections } from '../db/sql.ts';
import { type RawInteger, toInt } from '../db/values.ts';

export interface LeftJobs {
  /** They wait, or ran on a worker that is gone. */
  readonly waiting: number;
  /** They ended there before the move, or MongoDB refused them. */
  readonly dead: number;
}

/** What is in the SQL database though jobs live in MongoDB. @param since what is younger is on its way */
export async function leftJobs(read: Connections['read'], since: Date): Promise<LeftJobs> {
  const count = async (condition: string): Promise<number> => {
    const [row] = await read.query<{ n: RawInteger }>(
      `SELECT COUNT(*) AS n FROM jobs WHERE disabled = ? AND created_at <= ? AND ${condition}`,
      [false, since],
    );
    return toInt(row?.n ?? 0);
  };
  const [waiting, dead] = await Promise.all([
    count('(next_run_at IS NOT NULL OR locked_at IS NOT NULL)'),
    count('next_run_at IS NULL AND locked_at IS NULL AND fail_count > 0'),
  ]);
  return { waiting, dead };
}
