import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, TopicState } from '../../../src/domain/eventstream/event-log.ts';
import { PurgeInbox } from '../../../src/domain/jobs/maintenance.jobs.ts';
import { addSeconds } from '../../../src/domain/shared/clock.ts';
import { CleanUp } from '../../../src/domain/use-cases/clean-up.ts';
import { maintenance } from '../../../src/jobs/handlers/maintenance.ts';
import { FaultyLog } from '../../support/events.ts';
import { setupApp, type TestApp } from '../../support/setup-app.ts';

/** Topics that keep messages so many days. */
class Keeping extends FaultyLog {
  override readonly kind: EventLog['kind'];
  readonly #days: readonly (number | undefined)[];

  constructor(kind: EventLog['kind'], ...days: (number | undefined)[]) {
    super();
    this.kind = kind;
    this.#days = days;
  }

  override ensureTopics(): Promise<TopicState[]> {
    return Promise.resolve(
      this.#days.map((retentionDays, i) => ({
        ...{ topic: `t${i}`, created: false, partitions: 1, replicas: 1, minInSyncReplicas: 1, problems: [] },
        retentionDays,
      })),
    );
  }
}

describe('what consumers have handled', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await setupApp({ now: '2026-06-01', env: { LOG_LEVEL: 'silent' } });
  });
  beforeEach(async () => {
    await t.app.connections.write(async (sql) => {
      await sql.run('DELETE FROM inbox');
      for (const days of [1, 29, 31, 37, 39, 400]) {
        await sql.run('INSERT INTO inbox (consumer_group, event_id, handled_at) VALUES (?, ?, ?)', [
          ...['g', String(days), addSeconds(t.clock.now(), -days * 24 * 3600)],
        ]);
      }
    });
  });
  afterAll(() => t.close());

  const purge = async (eventLog: EventLog, keptDays = 30) => {
    const work = await t.app.work();
    const cleanUp = new CleanUp({ db: t.app.db, jobs: work.jobs, clock: t.clock });
    const handler = maintenance({ ...work, cleanUp, eventLog }).find(({ name }) => name === PurgeInbox.name);
    const { signal } = new AbortController();
    await handler?.run({ keptDays }, { jobId: 'job', attempt: 1, signal });
    const rows = await t.app.connections.read.query<{ event_id: string }>('SELECT event_id FROM inbox');
    return rows.map((row) => Number(row.event_id)).sort((a, b) => a - b);
  };

  it('is remembered for as long as the job is told, where the log keeps messages for less', async () => {
    expect(await purge(new Keeping('kafka', 7, 7))).toEqual([1, 29]);
  });

  it('is remembered for as long as any topic can be read again, and a margin', async () => {
    expect(await purge(new Keeping('kafka', 7, 30))).toEqual([1, 29, 31, 37]);
  });

  it('is remembered for ever where a topic is kept for ever', async () => {
    expect(await purge(new Keeping('kafka', 7, undefined))).toEqual([1, 29, 31, 37, 39, 400]);
  });

  it('does not depend on the embedded log, whose readers forget no offset', async () => {
    expect(await purge(new Keeping('local', undefined))).toEqual([1, 29]);
  });
});
