import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { contradictions } from './config/contradictions.ts';
import { derive } from './config/derive.ts';
import { ensureSecretKey, fileErrorCode, readSecretKey } from './config/keys.ts';
import { OLD_NAMES, rename, SQLITE_SWITCHES, WITHOUT_EFFECT } from './config/old-names.ts';
import { isSettingName, type SettingName, type Settings, settingsSchema } from './config/settings.ts';
import type { Config } from './config/shape.ts';
import { flag } from './config/values.ts';
import { DomainError, type FieldIssue } from './domain/shared/errors.ts';

export { secretKeyPath } from './config/keys.ts';
export type { Config, DatabaseConfig, KafkaConfig } from './config/shape.ts';

export interface ConfigSource {
  readonly env: NodeJS.ProcessEnv;
  /** A file of NAME=value lines; the environment wins over it. It may be missing. */
  readonly envFile?: string;
  /**
   * The role sets a machine up by itself (`up`): outside production a SECRET_KEY is made in DATA_DIR where none
   * is given, and the superuser is created unless CREATE_SUPERUSER says no.
   */
  readonly firstRun?: boolean;
}

/**
 * The configuration of this environment. Reads the `.env` file and the secret key in DATA_DIR, and nothing else.
 * @throws DomainError `configuration` with one issue per wrong variable, all of them at once, no value repeated
 */
export function loadConfig(source: ConfigSource): Config {
  const file = source.envFile === undefined ? {} : readEnvFile(source.envFile);
  const variables = { ...file, ...withoutEmpty(source.env) };
  const renamed = rename(variables);
  const { settings, issues, wrong } = read(renamed.values);
  const sqlite = sqliteSwitch(variables);
  const createSuperuser = settings.CREATE_SUPERUSER ?? source.firstRun ?? false;
  const given = new Set(Object.keys(renamed.values).filter(isSettingName));
  const all = [
    ...renamed.issues,
    ...issues.map((issue) => underGivenName(issue, renamed.givenAs)),
    ...sqlite.issues,
    ...contradictions(settings, { given, useSqlite: sqlite.value, createSuperuser }, wrong),
  ];
  if (all.length > 0) throw configurationError(all);
  const warnings = [...unknownNames(file), ...renamed.warnings, ...sqlite.warnings];
  const secretKey =
    settings.SECRET_KEY ?? keptSecretKey(resolve(settings.DATA_DIR), source.firstRun ?? false);
  return derive(settings, { given, secretKey, createSuperuser, warnings });
}

/** The configuration of this process: its environment, and `.env` in the working directory. */
export const loadConfigFromProcess = (options: { readonly firstRun?: boolean } = {}): Config =>
  loadConfig({ env: process.env, envFile: resolve('.env'), ...options });

/** The variables of this process, for programs that are started on its behalf. */
export const processEnvironment = (): NodeJS.ProcessEnv => process.env;

const withoutEmpty = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, text]) => text?.trim()));

function readEnvFile(path: string): Record<string, string> {
  try {
    return parse(readFileSync(path));
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return {};
    throw new DomainError('configuration', `${path} cannot be read`, { cause: error });
  }
}

/** A value that is wrong is reported, and its default stands in for it while the others are checked. */
function read(values: Readonly<Partial<Record<SettingName, string>>>) {
  const result = settingsSchema.safeParse(values);
  if (result.success) return { settings: result.data, issues: [], wrong: new Set<string>() };
  const issues = result.error.issues.map(
    ({ path, message }): FieldIssue => ({ path: path.join('.'), message }),
  );
  const wrong = new Set(issues.map((issue) => issue.path));
  const rest = Object.entries(values).filter(([name]) => !wrong.has(name));
  const settings: Settings = settingsSchema.parse(Object.fromEntries(rest));
  return { settings, issues, wrong };
}

function underGivenName(issue: FieldIssue, givenAs: ReadonlyMap<SettingName, string>): FieldIssue {
  const old = isSettingName(issue.path) ? givenAs.get(issue.path) : undefined;
  return old === undefined
    ? issue
    : { path: old, message: `${issue.message} (its name is now ${issue.path})` };
}

interface SqliteSwitch {
  readonly value: boolean | undefined;
  readonly warnings: readonly string[];
  readonly issues: readonly FieldIssue[];
}

function sqliteSwitch(variables: NodeJS.ProcessEnv): SqliteSwitch {
  const given = SQLITE_SWITCHES.filter((name) => variables[name]?.trim());
  const results = given.map((name) => ({ name, result: flag().safeParse(variables[name]) }));
  const issues = results.flatMap(({ name, result }) =>
    result.success ? [] : [{ path: name, message: 'should be true or false' }],
  );
  const values = results.flatMap(({ result }) => (result.success ? [result.data] : []));
  if (new Set(values).size > 1)
    issues.push({ path: SQLITE_SWITCHES[1], message: 'should be removed: USE_SQLITE says otherwise' });
  const warnings = given.map(
    (name) => `${name} is replaced by DATABASE_URL, and a SQLite file is the default`,
  );
  return { value: values[0], warnings, issues };
}

function keptSecretKey(dataDir: string, make: boolean): string | undefined {
  try {
    return make ? ensureSecretKey(dataDir) : readSecretKey(dataDir);
  } catch (error) {
    throw new DomainError('configuration', 'the secret key in DATA_DIR cannot be read or made', {
      issues: [{ path: 'DATA_DIR', message: 'should be a directory that this user can write to' }],
      cause: error,
    });
  }
}

/** Read by docker-compose.yml from the same file. */
const COMPOSE_NAME = /^(?:COMPOSE_|MYSQL_|DOCKER_)/;

const unknownNames = (file: Readonly<Record<string, string>>): string[] =>
  Object.keys(file)
    .filter((name) => !isSettingName(name) && !(name in OLD_NAMES) && !(name in WITHOUT_EFFECT))
    .filter((name) => !SQLITE_SWITCHES.some((old) => old === name) && !COMPOSE_NAME.test(name))
    .map((name) => `${name} in .env is not a setting of this program`);

function configurationError(issues: readonly FieldIssue[]): DomainError {
  const names = [...new Set(issues.map((issue) => issue.path))];
  const what = names.length === 1 ? '1 setting is' : `${names.length} settings are`;
  return new DomainError('configuration', `${what} wrong: ${names.join(', ')}`, { issues });
}
