import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { CONFIG_HIDDEN, type TopicPlan, type TopicState } from '../../domain/eventstream/event-log.ts';
import { isForbidden } from './kafka-failure.ts';

// Node finds no such named export in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

const DAY = 86_400_000;

/** Creates what is missing, and compares the rest with the plan; changes no topic that is there. */
export async function ensureKafkaTopics(
  admin: Admin,
  names: readonly string[],
  plan: TopicPlan,
): Promise<TopicState[]> {
  const missing = await createMissingTopics(admin, names, plan);
  const states = await describeKafkaTopics(admin, names);
  return states.map((state) => ({
    ...state,
    created: missing.includes(state.topic),
    problems: [...problemsOf(state, plan), ...state.problems],
  }));
}

/** Asks for no right but to see topics, and to create those that are missing. @returns their names */
export async function createMissingTopics(
  admin: Admin,
  names: readonly string[],
  plan: TopicPlan,
): Promise<string[]> {
  const there = new Set(await admin.listTopics());
  const missing = names.filter((name) => !there.has(name));
  // Another process may create them at the same time: kafkajs says so by answering false.
  if (missing.length > 0)
    await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => toConfig(topic, plan)) });
  return missing;
}

/** Topics that are there; their problems are those that no plan would have. */
export async function describeKafkaTopics(admin: Admin, names: readonly string[]): Promise<TopicState[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const configs = await describeConfigs(admin, names);
  return names.map((topic) => {
    const partitions = topics.find(({ name }) => name === topic)?.partitions ?? [];
    const entries = configs?.find(({ resourceName }) => resourceName === topic)?.configEntries;
    const number = (name: string) => {
      const value = entries?.find((e) => e.configName === name)?.configValue;
      return value === undefined ? undefined : Number(value);
    };
    const retention = number('retention.ms');
    const state = {
      topic,
      created: false,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map((p) => p.replicas.length)),
      retentionDays: retention === undefined || retention < 0 ? undefined : retention / DAY,
      minInSyncReplicas: number('min.insync.replicas'),
    };
    return { ...state, problems: configs === undefined ? [CONFIG_HIDDEN] : faultsOf(state) };
  });
}

/** Undefined: this user may not see it. */
async function describeConfigs(admin: Admin, names: readonly string[]) {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configNames: ['retention.ms', 'min.insync.replicas'],
      })),
    });
    return resources;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
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
  // One that may not be seen is a problem already.
  const { minInSyncReplicas: wanted = state.minInSyncReplicas } = plan;
  const { minInSyncReplicas: found = wanted } = state;
  if (found !== wanted) problems.push(`min.insync.replicas is ${found}, not ${wanted}: set it on the topic`);
  return problems;
}

function faultsOf({ minInSyncReplicas = 0, replicas }: Omit<TopicState, 'problems'>): string[] {
  return minInSyncReplicas > replicas
    ? [`min.insync.replicas is ${minInSyncReplicas} of ${replicas} replicas: nothing can be written`]
    : [];
}
