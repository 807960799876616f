import pino, { type Logger } from 'pino';
import { pretty } from './pretty.ts';

export interface LogOptions {
  readonly level: string;
  /** Lines for people, or one JSON object a line. */
  readonly format: 'console' | 'json';
  /** 1: standard output, for roles; 2: standard error, for commands whose output is their answer. */
  readonly fd: 1 | 2;
}

/** Names that are never written, at any depth that our facts have. */
const SECRETS = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'secret',
  'number',
  'cookie',
];

export function createLog({ level, format, fd }: LogOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  };
  // Roles write behind the request; commands write at once, for they end at once.
  const destination = pino.destination({ fd, sync: fd === 2 });
  if (fd === 1) process.on('exit', () => destination.flushSync());
  return format === 'json' ? pino(options, destination) : pino(options, pretty(destination));
}
