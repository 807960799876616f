import { Flags } from '@oclif/core';
import { BaseCommand, EXIT } from '../../base-command.ts';
import type { TopicState } from '../../domain/eventstream/event-log.ts';

export default class TopicsEnsure extends BaseCommand {
  static override summary = 'Create the topics of the event log that are missing, and check the others';
  static override description =
    'A topic that is there is never changed. Exits with 1 when one is not as asked for, 3 when no broker answers.';
  static override examples = [
    '<%= config.bin %> topics ensure --replicas 3 --min-insync 2 --retention-days 30',
    '<%= config.bin %> topics ensure --json',
  ];
  static override flags = {
    partitions: Flags.integer({
      description: 'how many relays and workers can share a topic',
      min: 1,
      max: 10_000,
      default: 3,
    }),
    replicas: Flags.integer({
      description: 'copies of each partition [as the brokers are set up]',
      min: 1,
      max: 100,
    }),
    'retention-days': Flags.integer({
      description: 'days that messages are kept [as the brokers are set up]',
      min: 1,
    }),
    'min-insync': Flags.integer({
      description: 'copies that a write waits for [as the brokers are set up]',
      min: 1,
      max: 100,
    }),
  };

  async run(): Promise<{ topics: TopicState[] }> {
    const { flags } = await this.parse(TopicsEnsure);
    const [{ KEPT_FOR_EVER }, { CONFIG_HIDDEN }] = await Promise.all([
      import('../../domain/eventstream/remembering.ts'),
      import('../../domain/eventstream/event-log.ts'),
    ]);
    const plan = {
      partitions: flags.partitions,
      replicas: flags.replicas,
      retentionDays: flags['retention-days'],
      minInSyncReplicas: flags['min-insync'],
    };
    const { topics, eventLog } = await this.withApp(async (app) => {
      const { eventLog } = await app.work();
      if (eventLog.kind === 'local')
        this.logToStderr('the event log is a table: partitions and copies have no meaning');
      return { topics: await eventLog.ensureTopics(plan), eventLog: eventLog.kind };
    });
    for (const {
      topic,
      created,
      partitions,
      replicas,
      retentionDays,
      minInSyncReplicas,
      problems,
    } of topics) {
      const kept = retentionDays === undefined ? 'for ever' : `${retentionDays} days`;
      this.log(
        `${topic}: ${created ? 'created' : 'there'}, ${partitions} partitions, ${replicas} replicas (${minInSyncReplicas ?? 'unknown'} in sync at least), kept ${kept}`,
      );
      for (const problem of problems) this.log(`  ! ${problem}`);
      if (eventLog === 'kafka' && retentionDays === undefined)
        this.logToStderr(`warning: ${topic}: ${KEPT_FOR_EVER}`);
    }
    // What this user may not see is no fault of the topic.
    if (topics.some((t) => t.problems.some((problem) => problem !== CONFIG_HIDDEN)))
      process.exitCode = EXIT.failed;
    return { topics };
  }
}
