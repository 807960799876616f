import { z } from 'zod';
import type { DomainError, ErrorKind } from '../domain/shared/errors.ts';

/** The one place where a kind of error becomes an HTTP status. */
const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  payment_required: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  too_large: 413,
  unsupported_media: 415,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
  configuration: 500,
};

const TITLE: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  402: 'Payment refused',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not processable',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** RFC 9457 problem details. `code` is stable; `errors` names each wrong field by its path. */
export const ProblemView = z
  .object({
    type: z.string().meta({ description: 'URN of the code' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'stable, machine-readable' }),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string().optional(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string(), code: z.string().optional() }))
      .optional(),
    facts: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

export type Problem = z.infer<typeof ProblemView>;

export const statusOf = (error: DomainError): number => STATUS[error.kind];

export function problemOf(error: DomainError, instance: string, requestId: string | undefined): Problem {
  const status = statusOf(error);
  return {
    type: `urn:crossborder:problem:${error.code}`,
    title: TITLE[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    instance,
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.issues.length > 0 ? { errors: [...error.issues] } : {}),
    ...(Object.keys(error.facts).length > 0 ? { facts: error.facts } : {}),
  };
}

/** A defect: says nothing of its inside, only the id under which the log has it. */
export const internalProblem = (instance: string, requestId: string | undefined): Problem => ({
  type: 'urn:crossborder:problem:internal',
  title: 'Internal error',
  status: 500,
  code: 'internal',
  detail: 'something went wrong on our side; the log has it under the request id',
  instance,
  ...(requestId === undefined ? {} : { requestId }),
});
