import type { Config } from '../../config.ts';
import { DomainError } from '../../domain/shared/errors.ts';
import { type Finding, fail, ok, reasonOf, type Verdict, warn } from './check.ts';
import { checkData } from './data.checks.ts';
import { checkDatabase } from './database.checks.ts';
import { checkDataDir, checkDisk, checkNode, checkPort, checkSecretKey } from './machine.checks.ts';
import { checkKafka, checkMail, checkMedia, checkMongo, checkRedis } from './service.checks.ts';

export interface Diagnosis {
  /** The worst of the findings. */
  readonly status: Verdict;
  readonly checks: readonly Finding[];
}

type Check = (config: Config) => Promise<Finding | readonly Finding[]>;

const CHECKS: Readonly<Record<string, Check>> = {
  'secret key': checkSecretKey,
  'data dir': checkDataDir,
  disk: checkDisk,
  media: checkMedia,
  port: checkPort,
  database: checkDatabase,
  redis: checkRedis,
  kafka: checkKafka,
  mongodb: checkMongo,
  mail: checkMail,
};

/**
 * Looks at every setting and every dependency, or at the stored data instead; never throws, and changes nothing.
 */
export async function examine(load: () => Config, what: 'machine' | 'data' = 'machine'): Promise<Diagnosis> {
  const node = checkNode(process.version);
  let config: Config;
  try {
    config = load();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return diagnosis([node, ...wrongSettings(error)]);
  }
  if (what === 'data') return diagnosis(await outcome('data', checkData, config));
  const results = await Promise.all(
    Object.entries(CHECKS).map(([name, check]) => outcome(name, check, config)),
  );
  return diagnosis([node, ...warnings(config), ...results.flat()]);
}

async function outcome(name: string, check: Check, config: Config): Promise<readonly Finding[]> {
  try {
    const found = await check(config);
    return 'status' in found ? [found] : found;
  } catch (error) {
    return [
      fail(
        name,
        `could not be examined (${reasonOf(error)})`,
        'set LOG_LEVEL=debug and look at the log of the role',
      ),
    ];
  }
}

function wrongSettings(error: DomainError): Finding[] {
  const findings = error.issues.map(({ path, message }) =>
    fail(`setting ${path}`, message, `correct ${path} in .env or the environment`),
  );
  return findings.length > 0 ? findings : [fail('settings', error.message, 'see .env.example')];
}

/** The secret key has a check of its own. */
function warnings(config: Config): Finding[] {
  const others = config.warnings.filter((text) => !text.startsWith('SECRET_KEY '));
  return others.length === 0
    ? [ok('settings', `valid, for ${config.env}`)]
    : others.map((text) => warn('settings', text, 'see .env.example'));
}

function diagnosis(findings: readonly Finding[]): Diagnosis {
  const worst = (['fail', 'warn'] as const).find((verdict) => findings.some((f) => f.status === verdict));
  return { status: worst ?? 'ok', checks: findings };
}
