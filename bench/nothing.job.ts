import { z } from 'zod';
import { defineJob } from '../src/domain/shared/job.ts';

/** Does nothing, as the rival's does. */
export const Nothing = defineJob({
  name: 'bench.nothing',
  queue: 'default',
  summary: 'Does nothing',
  /** When it was enqueued, in milliseconds. */
  data: z.strictObject({ at: z.number() }),
});
