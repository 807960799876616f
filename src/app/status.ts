import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import type { OutboxSummary } from '../domain/eventstream/outbox.store.ts';
import type { HealthCheck } from '../domain/health/health.ts';
import { SqlOutboxReadModel } from '../infra/db/eventstream/sql-outbox.read-model.ts';
import { type LiveProcess, SqlProcessesReadModel } from '../infra/db/jobs/sql-processes.read-model.ts';
import { Migrator } from '../infra/db/migrator.ts';
import { VERSION } from '../version.ts';
import { describeDatabase } from './migrating.ts';

export interface Status {
  readonly version: string;
  readonly environment: Config['env'];
  /** Which adapter stands behind each port. */
  readonly mode: {
    readonly database: string;
    readonly jobs: 'sql' | 'mongodb';
    readonly events: 'sql' | 'kafka';
    readonly cache: 'memory' | 'redis';
    readonly mail: 'files' | 'smtp';
    readonly payments: 'mock' | 'stripe' | 'none';
  };
  readonly checks: readonly HealthCheck[];
  readonly pendingMigrations: readonly string[];
  /** Absent while migrations are pending: the tables may not be there. */
  readonly processes?: readonly LiveProcess[];
  readonly outbox?: OutboxSummary;
}

export const modeOf = (config: Config): Status['mode'] => ({
  database: describeDatabase(config.database),
  jobs: config.mongoUrl === undefined ? 'sql' : 'mongodb',
  events: config.kafka === undefined ? 'sql' : 'kafka',
  cache: config.redisUrl === undefined ? 'memory' : 'redis',
  mail: config.mail.smtpUrl === undefined ? 'files' : 'smtp',
  payments: config.payments.gateway ?? 'none',
});

export async function statusOf(app: App): Promise<Status> {
  const { config, connections, clock } = app;
  const [{ checks }, { pending }] = await Promise.all([
    app.health(),
    new Migrator(connections.dataSource).status(),
  ]);
  const base = {
    version: VERSION,
    environment: config.env,
    mode: modeOf(config),
    checks,
    pendingMigrations: pending,
  };
  if (pending.length > 0) return base;
  const [processes, outbox] = await Promise.all([
    new SqlProcessesReadModel(connections.read, clock).alive(),
    new SqlOutboxReadModel(connections.read).summary(),
  ]);
  return { ...base, processes, outbox };
}

/** For the people at the terminal. */
export function statusLines(status: Status): string[] {
  const { mode, outbox, processes } = status;
  return [
    `Crossborder Trade ${status.version}, ${status.environment}`,
    ...Object.entries(mode).map(([port, adapter]) => `  ${port.padEnd(10)} ${adapter}`),
    ...status.checks.map((c) => `  ${c.name.padEnd(10)} ${c.status} (${c.reason ?? `${c.ms} ms`})`),
    ...(status.pendingMigrations.length === 0
      ? []
      : [`${status.pendingMigrations.length} migrations are pending: run "crossborder migrate"`]),
    ...(processes === undefined ? [] : processLines(processes)),
    ...(outbox === undefined ? [] : [`outbox: ${outbox.pending} pending, ${outbox.dead} dead`]),
  ];
}

const processLines = (processes: readonly LiveProcess[]): string[] =>
  processes.length === 0
    ? ['no worker, scheduler or relay has been seen in the last 30 seconds']
    : processes.map((p) => `${p.role.padEnd(10)} ${p.host}:${p.pid}, since ${p.startedAt.toISOString()}`);
