import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import { DomainError } from '../../domain/shared/errors.ts';

/** Requests larger than this are refused, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

declare module 'express-serve-static-core' {
  interface Request {
    rawBody?: Buffer;
  }
}

const json = express.json({
  limit: BODY_LIMIT,
  strict: true,
  type: ['application/json', 'application/*+json'],
});
const jsonKeepingBytes = express.json({
  limit: BODY_LIMIT,
  strict: true,
  type: ['application/json', 'application/*+json'],
  verify: (req: IncomingMessage & { rawBody?: Buffer }, _res, bytes) => {
    req.rawBody = bytes;
  },
});

/** Parses a JSON body. An absent body stays undefined, and the schema says what is missing. */
export function jsonBody(keepBytes: boolean): RequestHandler {
  const parse = keepBytes ? jsonKeepingBytes : json;
  return (req, res, next) => {
    const length = req.headers['content-length'];
    const empty = req.headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
    if (!empty && !req.is(['application/json', 'application/*+json'])) {
      throw new DomainError('unsupported_media_type', 'send the body as application/json');
    }
    parse(req, res, next);
  };
}

/** What body-parser throws, in our words. Undefined for anything else. */
export function bodyError(error: unknown): DomainError | undefined {
  const type = (error as { type?: unknown }).type;
  switch (type) {
    case 'entity.too.large':
      return new DomainError('payload_too_large', `the body is larger than ${BODY_LIMIT} bytes`);
    case 'entity.parse.failed':
      return new DomainError('malformed_json', 'the body is not valid JSON');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new DomainError(
        'unsupported_media_type',
        'the body must be JSON in UTF-8, plain or gzip, deflate or br',
      );
    case 'request.aborted':
    case 'request.size.invalid':
    case 'entity.verify.failed':
      return new DomainError('validation_failed', 'the body did not arrive whole');
    default:
      return isDecompression(error)
        ? new DomainError('validation_failed', 'the body cannot be decompressed as its Content-Encoding says')
        : undefined;
  }
}

/** zlib's own errors pass through body-parser without a type. */
const isDecompression = (error: unknown): boolean =>
  /^(?:Z_|ERR_.*BROTLI|ERR_PADDING|ERR__ERROR)/.test(String((error as { code?: unknown }).code));
