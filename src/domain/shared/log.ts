/** Structured logging, as pino does it: facts first, then a short message. Never secrets or personal data. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What may be logged of an error: no query parameters, no request. */
export function errorFacts(error: unknown): {
  error: { name: string; message: string; code?: unknown; stack?: string };
} {
  if (!(error instanceof Error)) return { error: { name: 'NonError', message: typeof error } };
  const { code } = error as { code?: unknown };
  return {
    error: {
      name: error.name,
      message: error.message,
      ...(code === undefined ? {} : { code }),
      ...(error.stack === undefined ? {} : { stack: error.stack }),
    },
  };
}
