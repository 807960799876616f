import { Cluster, Redis } from 'ioredis';
import type { Dependency } from '../../domain/health/health.ts';
import { errorFacts, type Log } from '../../domain/shared/log.ts';

export type RedisClient = Redis | Cluster;

/** One server, or a cluster when the setting names several separated by commas. Connects by itself, and again. */
export function connectRedis(url: string, log: Log): RedisClient {
  const nodes = url.split(',').map((node) => node.trim());
  const options = { maxRetriesPerRequest: 1, enableOfflineQueue: true, connectTimeout: 5000 };
  const client =
    nodes.length > 1 ? new Cluster(nodes, { redisOptions: options }) : new Redis(nodes[0] ?? url, options);
  client.on('error', (error: unknown) => log.warn(errorFacts(error), 'redis is not reachable'));
  return client;
}

/** Not needed for a request: limits fall back to memory. */
export const redisDependency = (client: RedisClient): Dependency => ({
  name: 'redis',
  needed: false,
  ping: async () => {
    await client.ping();
  },
});
