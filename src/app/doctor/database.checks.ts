import type { Config } from '../../config.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { anyElsewhere, unhandledElsewhere } from '../../infra/db/eventstream/published-elsewhere.ts';
import { Migrator } from '../../infra/db/migrator.ts';
import { isMissingDatabase } from '../../infra/db/missing-database.ts';
import { type OpenConnections, openDatabase } from '../../infra/db/open-database.ts';
import type { Sql } from '../../infra/db/sql.ts';
import { SqlUsersReadModel } from '../../infra/db/users/sql-users.read-model.ts';
import { localUnread } from '../../infra/events/local-lag.ts';
import { leftJobs } from '../../infra/jobs/left-jobs.ts';
import { CONSUMER_GROUPS } from '../../jobs/consumers/consumers.ts';
import { describeDatabase } from '../migrating.ts';
import { type Finding, fail, ok, reasonOf, unreachable, warn } from './check.ts';

const MIGRATE = 'run "crossborder migrate"';
/** Leases and expiry compare times of several machines. */
const SKEW_SECONDS = 5;
/** Jobs are handed to MongoDB within a second. */
const HANDOVER_SECONDS = 60;

export async function checkDatabase(config: Config): Promise<Finding[]> {
  const where = describeDatabase(config.database);
  let connections: OpenConnections;
  try {
    connections = await openDatabase(config.database);
  } catch (error) {
    if (await isMissingDatabase(config.database, error))
      return [fail('database', `${where} does not exist`, MIGRATE)];
    const reason = error instanceof DomainError ? reasonOf(error.cause) : reasonOf(error);
    return [
      unreachable(
        'database',
        `${where}: ${reason}`,
        'start the server, and check the DB_* settings or DATABASE_URL',
      ),
    ];
  }
  try {
    const server =
      connections.kind === 'sqlite' ? await checkSqlite(connections) : await checkServer(connections);
    const migrations = await checkMigrations(connections);
    const superuser = migrations.status === 'ok' ? [await checkSuperuser(connections, config)] : [];
    const events = migrations.status === 'ok' ? await checkFormerLog(connections, config) : [];
    const jobs = migrations.status === 'ok' ? await checkFormerJobs(connections, config) : [];
    return [...server, migrations, ...superuser, ...events, ...jobs];
  } finally {
    await connections.close();
  }
}

async function checkSqlite({ read }: OpenConnections): Promise<Finding[]> {
  const [version] = await read.query<{ version: string }>('SELECT sqlite_version() AS version');
  const [check] = await read.query<{ quick_check: string }>('PRAGMA quick_check(1)');
  const found = ok('database', `SQLite ${version?.version ?? ''}`);
  if (check?.quick_check === 'ok') return [found];
  return [
    fail('database', 'the file is damaged', 'restore a backup (docs/operations.md), or try sqlite3 .recover'),
  ];
}

interface Server {
  version: string;
  collation: string;
  now: string | number;
}

async function checkServer({ read, kind }: OpenConnections): Promise<Finding[]> {
  const [server] = await read.query<Server>(
    'SELECT VERSION() AS version, @@collation_database AS collation, UNIX_TIMESTAMP(NOW(3)) AS now',
  );
  if (server === undefined) return [fail('database', 'the server says nothing of itself', 'see its log')];
  const skew = Math.round(Math.abs(Date.now() / 1000 - Number(server.now)));
  return [
    ok('database', `${kind === 'mariadb' ? 'MariaDB' : 'MySQL'} ${server.version}`),
    server.collation === 'utf8mb4_bin'
      ? ok('collation', server.collation)
      : warn(
          'collation',
          `${server.collation} compares text loosely`,
          'ALTER DATABASE … COLLATE utf8mb4_bin, before the first migration',
        ),
    skew <= SKEW_SECONDS
      ? ok('clock', `${skew} s from the database's`)
      : warn('clock', `${skew} s from the database's`, 'synchronise the clocks of both machines (NTP)'),
  ];
}

async function checkMigrations({ dataSource }: OpenConnections): Promise<Finding> {
  const { applied, pending } = await new Migrator(dataSource).status();
  return pending.length === 0
    ? ok('migrations', `${applied.length} applied`)
    : fail('migrations', `${pending.length} pending, first ${pending[0] ?? ''}`, MIGRATE);
}

async function checkSuperuser({ read }: OpenConnections, { env }: Config): Promise<Finding> {
  const users = new SqlUsersReadModel(read);
  if (await users.hasDefaultSuperuser()) {
    const verdict = env === 'production' ? fail : warn;
    const remedy =
      'sign in and change it (POST /api/v1/users/me/password); until then only this machine is served';
    return verdict('superuser', 'still has the shipped password', remedy);
  }
  const { items } = await users.list({ role: 'admin', status: 'active' }, { limit: 1 });
  return items.length > 0
    ? ok('superuser', 'there is one, with a password of its own')
    : warn('superuser', 'there is none', 'run "crossborder create-superuser"');
}

/** After a change to MongoDB, or when it refuses some. */
async function checkFormerJobs({ read }: OpenConnections, { mongoUrl }: Config): Promise<Finding[]> {
  if (mongoUrl === undefined) return [];
  const { waiting, dead } = await leftJobs(read, new Date(Date.now() - HANDOVER_SECONDS * 1000));
  const findings: Finding[] = [];
  if (waiting > 0) {
    const remedy = 'start a worker, which hands them over; if one runs, its log says why it cannot';
    findings.push(warn('jobs left', `${waiting} in the database are not in MongoDB yet`, remedy));
  }
  if (dead > 0) {
    const remedy =
      'see "crossborder jobs list --in-database --state dead", and "jobs retry" or "jobs delete" them with the same flag';
    findings.push(
      warn('dead jobs left', `${dead} in the database, which lists of MongoDB do not show`, remedy),
    );
  }
  return findings;
}

/** After a change to Kafka, or from it. */
async function checkFormerLog({ read }: OpenConnections, { kafka }: Config): Promise<Finding[]> {
  if (kafka === undefined) return checkFormerKafka(read);
  const unread = await Promise.all(
    CONSUMER_GROUPS.map(async (group) => ({ ...group, count: await localUnread(read, group) })),
  );
  const waiting = unread.filter(({ count }) => count > 0).map(({ group, count }) => `${group} ${count}`);
  if (waiting.length === 0) return [];
  const remedy =
    'start a worker, which handles them before those of Kafka; end relays and workers that still run without Kafka';
  return [warn('embedded events', `not handled yet in the former event log: ${waiting.join(', ')}`, remedy)];
}

/** After the way back from it: nobody reads there any more. */
async function checkFormerKafka(read: Sql): Promise<Finding[]> {
  if (!(await anyElsewhere(read))) return [];
  const waiting: string[] = [];
  for (const { group, consumers } of CONSUMER_GROUPS) {
    const count = await unhandledElsewhere(read, { group, types: consumers.map((c) => c.event.type) });
    if (count > 0) waiting.push(`${group} ${count}`);
  }
  if (waiting.length === 0) return [];
  const remedy =
    'set KAFKA_BOOTSTRAP_SERVERS again for workers, not for relays, until "crossborder events lag" is 0 for every group; then replay what "crossborder events dead list" names, and unset it';
  return [warn('events in Kafka', `published there, and not handled: ${waiting.join(', ')}`, remedy)];
}
