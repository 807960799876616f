import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import type { TopicPlan, TopicState } from '../../domain/eventstream/event-log.ts';

// Node finds no such named export in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

const DAY = 86_400_000;
const READABLE: ReadonlySet<string> = new Set(['producer', 'gzip', 'uncompressed']);

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
  const states = await describeKafkaTopics(admin, names);
  return states.map((state) => ({
    ...state,
    created: missing.includes(state.topic),
    problems: [...problemsOf(state, plan), ...state.problems],
  }));
}

/** Topics that are there; their problems are those that no plan would have. */
export async function describeKafkaTopics(admin: Admin, names: readonly string[]): Promise<TopicState[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: ['retention.ms', 'min.insync.replicas', 'compression.type'],
    })),
  });
  return names.map((topic) => {
    const partitions = topics.find(({ name }) => name === topic)?.partitions ?? [];
    const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
    const text = (name: string) => entries.find((e) => e.configName === name)?.configValue;
    const retention = Number(text('retention.ms'));
    const state = {
      topic,
      created: false,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map((p) => p.replicas.length)),
      retentionDays: retention < 0 ? undefined : retention / DAY,
      minInSyncReplicas: Number(text('min.insync.replicas')),
    };
    return { ...state, problems: faultsOf(state, text('compression.type')) };
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
  return problems;
}

function faultsOf(
  { minInSyncReplicas, replicas }: Omit<TopicState, 'problems'>,
  compression: string | undefined,
): string[] {
  const faults: string[] = [];
  if (minInSyncReplicas > replicas)
    faults.push(
      `min.insync.replicas is ${minInSyncReplicas} of ${replicas} replicas: nothing can be written`,
    );
  // The broker then compresses anew what it stores, and kafkajs crashes at every batch.
  if (compression !== undefined && !READABLE.has(compression))
    faults.push(
      `compression.type is ${compression}, which no consumer of this program can read: set it to producer`,
    );
  return faults;
}
