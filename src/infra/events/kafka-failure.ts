/** Answers of a broker that blame the message, so that sending it again as it is has no hope. */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_COMPRESSION_TYPE',
]);

/** Why the broker refused the message itself; undefined for every failure that is not the message's fault. */
export function refusalReason(error: unknown): string | undefined {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; depth++) {
    const { type, originalError, cause } = e as Error & { type?: unknown; originalError?: unknown };
    if (typeof type === 'string' && REFUSALS.has(type)) return `${type}: ${e.message}`;
    e = originalError ?? cause;
  }
  return undefined;
}
