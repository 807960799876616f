import { access } from 'node:fs/promises';
import type { DatabaseOptions } from './open-database.ts';

/** Whether a failure to open means that there is no database yet, rather than that nobody answers. */
export async function isMissingDatabase(options: DatabaseOptions, error: unknown): Promise<boolean> {
  if (options.kind !== 'sqlite') return error instanceof Error && codeOf(error.cause) === 'ER_BAD_DB_ERROR';
  return access(options.path).then(
    () => false,
    () => true,
  );
}

const codeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
