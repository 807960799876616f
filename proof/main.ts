import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { prepareDatabase, withApp } from '../bench/database.ts';
import { databaseOptions } from '../bench/options.ts';
import { DomainError } from '../src/domain/shared/errors.ts';
import { dropDatabase } from '../src/infra/db/open-database.ts';
import { type Broker, openBroker } from './broker.ts';
import { proveChaos } from './chaos.ts';
import { proveConsumerKill } from './consumer-kill.ts';
import { proveDrain } from './drain.ts';
import { proveIdempotency } from './idempotency.ts';
import { proveJobKill } from './job-kill.ts';
import { MailBox } from './mail-box.ts';
import { type Options, type ProofName, parseOptions } from './options.ts';
import { proveBrokerDown, proveBrokerKill } from './outages.ts';
import { proveOversell } from './oversell.ts';
import { IMPATIENT, proveRefused } from './refused.ts';
import { proveRelayKill, SMALL_BATCHES } from './relay-kill.ts';
import { proveScheduleOnce } from './schedule-once.ts';
import type { Proof } from './verdict.ts';
import { proveWebhooks } from './webhooks.ts';
import { World } from './world.ts';

interface Stage {
  readonly world: World;
  readonly mails: MailBox;
  readonly broker: Broker | undefined;
}

function prove({ world, mails, broker }: Stage, { proof, rounds, seconds, count }: Options): Promise<Proof> {
  switch (proof) {
    case 'oversell':
      return proveOversell(world, rounds);
    case 'idempotency':
      return proveIdempotency(world, rounds);
    case 'webhooks':
      return proveWebhooks(world, mails, rounds);
    case 'chaos':
      return proveChaos(world, seconds);
    case 'job-kill':
      return proveJobKill(world, count);
    case 'schedule-once':
      return proveScheduleOnce(world, seconds);
    case 'drain':
      return proveDrain(world, rounds);
    case 'consumer-kill':
      return proveConsumerKill(world, seconds);
    case 'relay-kill':
      return proveRelayKill(world, rounds);
    case 'broker-kill':
      return proveBrokerKill(world, needed(broker), rounds);
    case 'broker-down':
      return proveBrokerDown(world, needed(broker), seconds);
    case 'refused':
      return proveRefused(world);
  }
}

/** A lock lasts no longer than a job may: so that what a killed worker held is soon another's. */
const LOCK = '3';
const isOfJobs = ({ proof }: Options): boolean => proof === 'job-kill' || proof === 'drain';

/** A short send, so that what a killed relay had claimed is soon taken over, and a dead broker soon seen. */
const SHORT_SEND = { OUTBOX_PRODUCER_SEND_TIMEOUT: '3' };

const OWN_SETTINGS: Readonly<Partial<Record<ProofName, NodeJS.ProcessEnv>>> = {
  refused: IMPATIENT,
  'relay-kill': { ...SHORT_SEND, ...SMALL_BATCHES },
  'broker-kill': SHORT_SEND,
  'broker-down': SHORT_SEND,
  'consumer-kill': SHORT_SEND,
};

/** A database of the proof's own on the server of MONGO_URL. */
function proofMongo(): { url: string; drop(): Promise<void> } {
  const url = new URL(process.env.MONGO_URL ?? 'mongodb://127.0.0.1:27017/');
  url.pathname = `/proof-${process.pid}`;
  return {
    url: url.href,
    drop: async () => {
      const client = new MongoClient(url.href);
      await client.db().dropDatabase();
      await client.close();
    },
  };
}

function needed(broker: Broker | undefined): Broker {
  if (broker === undefined) throw new Error('this proof needs a broker of its own');
  return broker;
}

/** On a fresh database of its own, which is gone afterwards, as are all processes. */
async function run(options: Options): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), 'crossborder-proof-'));
  const target = databaseOptions(options.db, folder);
  const mongo = options.jobs === 'mongodb' ? proofMongo() : undefined;
  const mails = await MailBox.open();
  const broker = await openBroker(options.proof, folder);
  try {
    const settings = {
      NODE_ENV: 'development',
      LOG_LEVEL: options.proof === 'relay-kill' ? 'info' : 'warn',
      SMTP_URL: mails.url,
      JOB_RETRY_DELAY: '1',
      // The buyers of the load come from addresses of their own: what one may write is limited.
      TRUSTED_PROXIES: '127.0.0.1',
      ...(isOfJobs(options) ? { JOB_TIMEOUT: LOCK, JOB_SOFT_TIMEOUT: LOCK } : {}),
      ...(mongo === undefined ? {} : { MONGO_URL: mongo.url }),
      ...OWN_SETTINGS[options.proof],
      ...broker?.settings,
    };
    const database = await prepareDatabase(target, folder, { size: 'small', settings });
    return await withApp(database.config, async (app) => {
      const world = new World(app, database, folder);
      try {
        return await prove({ world, mails, broker }, options);
      } finally {
        await world.stop('SIGKILL');
      }
    });
  } finally {
    await mails.close();
    await broker?.close();
    await dropDatabase(target);
    await mongo?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print({ proof, db, jobs, json }: Options, { figures, failures }: Proof): void {
  if (json) {
    console.log(JSON.stringify({ proof, db, jobs, holds: failures.length === 0, figures, failures }));
    return;
  }
  console.log(
    `${proof} on ${db}${jobs === 'sql' ? '' : ` and ${jobs}`}: ${failures.length === 0 ? 'holds' : 'BROKEN'}`,
  );
  for (const [name, value] of Object.entries(figures)) {
    console.log(`  ${name.padEnd(18)} ${JSON.stringify(value)}`);
  }
  for (const failure of failures) console.log(`  ! ${failure}`);
}

let options: Options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
try {
  const proof = await run(options);
  print(options, proof);
  process.exitCode = proof.failures.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  process.exitCode = 1;
}
