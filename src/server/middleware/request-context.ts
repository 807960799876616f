import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { runInContext } from '../../domain/shared/context.ts';

const REQUEST_ID = /^[\w.:-]{8,64}$/;
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** Gives each request an id (the caller's, when it sent a sane one) and carries it into events, jobs and logs. */
export const requestContext: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id');
  const correlationId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
  res.setHeader('X-Request-Id', correlationId);
  const traceparent = req.get('traceparent');
  const context =
    traceparent !== undefined && TRACEPARENT.test(traceparent)
      ? { correlationId, traceparent }
      : { correlationId };
  runInContext(context, () => next());
};
