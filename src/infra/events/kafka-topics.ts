import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import type { TopicPlan, TopicState } from '../../domain/eventstream/event-log.ts';

// Node finds no such named export in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

const DAY = 86_400_000;

/** Creates what is missing, and compares the rest with the plan; changes no topic that is there. */
export async function ensureKafkaTopics(
  admin: Admin,
  names: readonly string[],
  plan: TopicPlan,
): Promise<TopicState[]> {
  const there = new Set(await admin.listTopics());
  const missing = names.filter((name) => !there.has(name));
  // Another process may create them at the same time: kafkajs says so by answering false.
  if (missing.length > 0)
    await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => toConfig(topic, plan)) });
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: ['retention.ms', 'min.insync.replicas'],
    })),
  });
  return names.map((topic) => {
    const partitions = topics.find(({ name }) => name === topic)?.partitions ?? [];
    const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
    const setting = (name: string): number => Number(entries.find((e) => e.configName === name)?.configValue);
    const state = {
      topic,
      created: missing.includes(topic),
      partitions: partitions.length,
      replicas: Math.min(...partitions.map((p) => p.replicas.length)),
      retentionDays: setting('retention.ms') < 0 ? undefined : setting('retention.ms') / DAY,
      minInSyncReplicas: setting('min.insync.replicas'),
    };
    return { ...state, problems: problemsOf(state, plan) };
  });
}

function toConfig(topic: string, plan: TopicPlan): ITopicConfig {
  const entry = (name: string, value: number | undefined) =>
    value === undefined ? [] : [{ name, value: String(value) }];
  return {
    topic,
    numPartitions: plan.partitions,
    // -1 is the broker's default.
    replicationFactor: plan.replicas ?? -1,
    configEntries: [
      ...entry('retention.ms', plan.retentionDays === undefined ? undefined : plan.retentionDays * DAY),
      ...entry('min.insync.replicas', plan.minInSyncReplicas),
    ],
  };
}

function problemsOf(state: Omit<TopicState, 'problems'>, plan: TopicPlan): string[] {
  const problems: string[] = [];
  if (state.partitions !== plan.partitions)
    problems.push(
      `it has ${state.partitions} partitions, not ${plan.partitions}: more of them would move keys to other partitions and break their order, so drain the topic before you change it`,
    );
  if (plan.replicas !== undefined && state.replicas < plan.replicas)
    problems.push(`it has ${state.replicas} replicas, not ${plan.replicas}: reassign its partitions`);
  if (
    plan.retentionDays !== undefined &&
    (state.retentionDays ?? Number.POSITIVE_INFINITY) < plan.retentionDays
  )
    problems.push(`it keeps ${state.retentionDays} days, not ${plan.retentionDays}: set retention.ms`);
  if (plan.minInSyncReplicas !== undefined && state.minInSyncReplicas !== plan.minInSyncReplicas)
    problems.push(
      `min.insync.replicas is ${state.minInSyncReplicas}, not ${plan.minInSyncReplicas}: set it on the topic`,
    );
  if (state.minInSyncReplicas > state.replicas)
    problems.push(
      `min.insync.replicas is ${state.minInSyncReplicas} of ${state.replicas} replicas: nothing can be written`,
    );
  return problems;
}
