/**
 * The unique key that an INSERT or UPDATE broke, as the server names it: `uq_products_slug` on MySQL,
 * `products.slug` on SQLite. Undefined for every other error.
 */
export function violatedKey(error: unknown): string | undefined {
  const { driverError } = error as { driverError?: unknown };
  const { code, errno, message } = (driverError ?? error) as {
    code?: unknown;
    errno?: unknown;
    message?: unknown;
  };
  const text = typeof message === 'string' ? message : '';
  if (errno === 1062) return /for key '(?:[^'.]+\.)?([^']+)'/.exec(text)?.[1] ?? '';
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return /failed: (.+)$/.exec(text)?.[1] ?? '';
  }
  return undefined;
}

/** True when a row names another that does not exist: it was deleted between a check and the write. */
export function violatesReference(error: unknown): boolean {
  const { driverError } = error as { driverError?: unknown };
  const { code, errno } = (driverError ?? error) as { code?: unknown; errno?: unknown };
  return errno === 1452 || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}
