import { expect, it } from '@jest/globals';
import { toAttempts } from '../../../src/infra/jobs/job-view.ts';

it('reads the tries of a job but for one of a kind that a later version wrote', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const stored = [
    { startedAt: at, endedAt: at, worker: 'w', outcome: 'failed', error: 'boom' },
    { startedAt: at, endedAt: at, worker: 'w', outcome: 'of-later' },
    { startedAt: at, endedAt: at, worker: null, outcome: 'lost' },
  ];
  const [startedAt, endedAt] = [new Date(at), new Date(at)];
  expect(toAttempts(stored)).toEqual([
    { startedAt, endedAt, worker: 'w', outcome: 'failed', error: 'boom' },
    { startedAt, endedAt, worker: undefined, outcome: 'lost' },
  ]);
  for (const none of [undefined, null, 'x', {}]) expect(toAttempts(none)).toEqual([]);
});
