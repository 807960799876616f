import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '../src/domain/shared/errors.ts';
import { dropDatabase } from '../src/infra/db/open-database.ts';
import { benchCheckout } from './checkout.ts';
import { prepareDatabase } from './database.ts';
import { benchEvents, printEvents } from './events.ts';
import { benchJobs, printJobs } from './jobs.ts';
import { databaseOptions, type Options, parseOptions } from './options.ts';
import { benchReads } from './reads.ts';
import { printComparison } from './report.ts';
import { benchStartup, printStartup } from './startup.ts';

async function run(options: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crossborder-bench-'));
  const target = databaseOptions(options.scenario === 'startup' ? 'sqlite' : options.db, folder);
  try {
    if (options.scenario === 'events') {
      const result = await benchEvents(options, target, folder);
      console.log(options.json ? JSON.stringify(result) : printEvents(result));
      return;
    }
    const database = await prepareDatabase(
      target,
      folder,
      options.scenario === 'jobs' ? { size: 'small' } : {},
    );
    if (options.scenario === 'startup') {
      const result = await benchStartup(database, folder);
      console.log(options.json ? JSON.stringify(result) : printStartup(result));
      return;
    }
    if (options.scenario === 'jobs') {
      const result = await benchJobs(options, database);
      console.log(options.json ? JSON.stringify(result) : printJobs(result));
      return;
    }
    const result =
      options.scenario === 'checkout'
        ? await benchCheckout(options, database, folder)
        : await benchReads(options.scenario, options, database, folder);
    console.log(options.json ? JSON.stringify(result) : printComparison(result));
  } finally {
    await dropDatabase(target);
    rmSync(folder, { recursive: true, force: true });
  }
}

let options: Options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
await run(options).catch((error: unknown) => {
  console.error(error instanceof DomainError ? error.message : error);
  process.exitCode = 1;
});
