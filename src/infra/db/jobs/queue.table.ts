import { EntitySchema } from 'typeorm';
import { bool, datetime, int, nullable, text } from '../columns.ts';

interface QueueRow {
  name: string;
  paused: boolean;
  concurrency: number | null;
  rateJobs: number | null;
  rateSeconds: number | null;
  priority: number;
  /** Since when starts are counted, and how many there were: for the rate limit. */
  windowStartedAt: Date | null;
  windowTaken: number;
  updatedAt: Date;
}

/** What operators have set of queues; one that is not here has the defaults. */
export const queueTable = new EntitySchema<QueueRow>({
  name: 'Queue',
  tableName: 'queues',
  columns: {
    name: text(40, { primary: true }),
    paused: bool(),
    concurrency: int(nullable),
    rateJobs: int(nullable),
    rateSeconds: int(nullable),
    priority: int(),
    windowStartedAt: datetime(nullable),
    windowTaken: int(),
    updatedAt: datetime(),
  },
});
