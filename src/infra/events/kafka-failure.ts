/**
 * Answers of a broker that blame the message, so that sending it again as it is has no hope. A clock that is wrong
 * and a compression that a broker lacks are not the message's fault: every message waits until they are mended.
 */
const REFUSALS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/** Why the broker refused the message itself; undefined for every failure that is not the message's fault. */
export function refusalReason(error: unknown): string | undefined {
  for (const { type, message } of causesOf(error))
    if (typeof type === 'string' && REFUSALS.has(type)) return `${type}: ${message}`;
  return undefined;
}

/** The broker knows who asks, and that he may not. */
export function isForbidden(error: unknown): boolean {
  for (const { type } of causesOf(error))
    if (typeof type === 'string' && type.endsWith('_AUTHORIZATION_FAILED')) return true;
  return false;
}

/** What a failure to reach the brokers means, and which setting to look at. No secrets. */
export function failureReason(error: unknown): string {
  const said = messages(error);
  const has = (pattern: RegExp): boolean => said.some((text) => pattern.test(text));
  if (has(/SASL|authentication/i))
    return 'the brokers refuse the sign-in: check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD';
  if (has(/ENOTFOUND|EAI_AGAIN/)) return 'the name of a broker is unknown: check KAFKA_BOOTSTRAP_SERVERS';
  if (has(/ECONNREFUSED/))
    return 'nobody listens there: check KAFKA_BOOTSTRAP_SERVERS, and that a broker runs';
  if (has(/certificate|SSL routines|wrong version number|TLS/i))
    return 'there is no TLS as we expect it: check KAFKA_SSL, and the certificate of the brokers (NODE_EXTRA_CA_CERTS names the file of a CA of your own)';
  if (has(/timeout|timed out|closed connection|no answer/i))
    return 'the brokers do not speak to us: check KAFKA_BOOTSTRAP_SERVERS, KAFKA_SSL and KAFKA_SASL_MECHANISM';
  return said[0] ?? 'no answer';
}

interface KafkaError extends Error {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly originalError?: unknown;
}

const MAX_CAUSES = 5;

/** The error, and what caused it: kafkajs has its own name for that. */
export function* causesOf(error: unknown): Generator<KafkaError> {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < MAX_CAUSES; depth++) {
    const known: KafkaError = e;
    yield known;
    e = known.originalError ?? known.cause;
  }
}

const messages = (error: unknown): string[] =>
  Array.from(
    causesOf(error),
    ({ name, code, message }) => `${name} ${typeof code === 'string' ? code : ''} ${message}`,
  );
