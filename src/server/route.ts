import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Role, UserActor } from '../domain/shared/actor.ts';
import type { ErrorCode } from '../domain/shared/errors.ts';
import { DomainError } from '../domain/shared/errors.ts';
import type { Once } from '../domain/shared/once.ts';

/** Who may call: anyone; anyone, who is told apart when signed in; or a role and those above it. */
export type Access = 'public' | 'optional' | Role;

type ActorOf<A extends Access> = A extends 'public'
  ? undefined
  : A extends 'optional'
    ? UserActor | undefined
    : UserActor;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/**
 * Binds the request's Idempotency-Key to the use case's result: hand it to `Database.transaction`. Undefined when
 * the caller sent no key. `present` makes the reply body that is stored and replayed.
 */
export type OnceOf<Body> = <T>(present: (result: T) => Body) => Once<T> | undefined;

export interface Input<A extends Access, P, Q, H, B, Body> {
  readonly actor: ActorOf<A>;
  readonly params: Output<P>;
  readonly query: Output<Q>;
  /** The validated headers named by the route's `headers` schema (lower case). */
  readonly headers: Output<H>;
  readonly body: Output<B>;
  /** Only with `rawBody: true`: the bytes as they came, for signatures. */
  readonly rawBody: Buffer;
  readonly once: OnceOf<Body>;
  readonly req: Request;
  readonly res: Response;
}

export interface ReplySpec<R> {
  readonly status: number;
  readonly description?: string;
  /** Absent: no body (204). */
  readonly schema?: R;
}

export interface RouteSpec<A extends Access, P, Q, H, B, R> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1, with OpenAPI placeholders: `/orders/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly auth: A;
  /** Takes an Idempotency-Key (every unsafe POST but sign-in): the handler passes `once` to its use case. */
  readonly idempotent?: boolean;
  /**
   * What stands for the body in the fingerprint of its Idempotency-Key, where the body holds something short that
   * could be guessed back from a plain hash.
   */
  fingerprint?(body: Output<B>): unknown;
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
  readonly rawBody?: boolean;
  /** The bucket of the rate limiter this route draws from, by client address. */
  readonly rateLimit?: 'sign-in' | 'write';
  readonly reply: ReplySpec<R>;
  /** What it may answer beside the common errors: for the documentation. */
  readonly errors?: readonly ErrorCode[];
  readonly handle: (input: Input<A, P, Q, H, B, Body<R>>) => Promise<Body<R>> | Body<R>;
}

type Body<R> = R extends z.ZodType ? z.input<R> : undefined;
type Schema = z.ZodType | undefined;

/** A route with its types forgotten: what the router and the OpenAPI document are made from. */
export interface Route
  extends Omit<
    RouteSpec<Access, Schema, Schema, Schema, Schema, Schema>,
    'handle' | 'reply' | 'fingerprint'
  > {
  readonly reply: ReplySpec<z.ZodType | undefined>;
  fingerprint?(body: unknown): unknown;
  readonly handle: (input: RawInput) => Promise<unknown>;
}

export interface RawInput
  extends Omit<
    Input<'optional', undefined, undefined, undefined, undefined, unknown>,
    'params' | 'query' | 'headers' | 'body'
  > {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/**
 * Declares one endpoint. One array of these feeds the router (http.ts), which validates everything with the same
 * schemas that make the OpenAPI document (openapi.ts).
 */
export function route<
  A extends Access,
  P extends Schema = undefined,
  Q extends Schema = undefined,
  H extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(spec: RouteSpec<A, P, Q, H, B, R>): Route {
  // The router validated the input with exactly these schemas before it calls: the one place that trusts it.
  const handle = spec.handle as (input: unknown) => unknown;
  return { ...spec, handle: (input) => Promise.resolve(handle(input)) };
}

/** Validates one part of a request. @throws DomainError validation_failed with the path of each wrong field */
export function parsePart(
  part: 'body' | 'query' | 'params' | 'headers',
  schema: z.ZodType,
  value: unknown,
): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, key].join('.'),
        message: 'unknown field',
        code: 'unknown_field',
      }));
    }
    const named = 'params' in issue ? (issue.params?.code as unknown) : undefined;
    return [
      { path: path.join('.'), message: issue.message, code: typeof named === 'string' ? named : issue.code },
    ];
  });
  // A wrong id in the path names nothing: the same answer as an id that does not exist.
  if (part === 'params') throw new DomainError('not_found', 'there is nothing under this id');
  const code = issues.map((i) => i.code).find((c) => c === 'unknown_currency' || c === 'unknown_country');
  throw new DomainError(code ?? 'validation_failed', `the ${part} of the request is not valid`, { issues });
}

/** RFC 9110 visible characters, as Stripe and others accept; bounded by the column. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export function onceOf(
  route: Route,
  req: Request,
  scope: string,
  input: { params: unknown; query: unknown; body: unknown },
): OnceOf<unknown> {
  const key = req.get('idempotency-key');
  if (key === undefined) return () => undefined;
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new DomainError('validation_failed', 'Idempotency-Key must be 1 to 255 visible ASCII characters', {
      issues: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    });
  }
  const body = route.fingerprint === undefined ? input.body : route.fingerprint(input.body);
  const fingerprint = createHash('sha256')
    .update(canonicalJson({ ...input, body }))
    .digest('hex');
  return (present) => ({
    scope: `${scope}:${route.method.toUpperCase()} ${route.path}`,
    key,
    fingerprint,
    render: (result) => ({ status: route.reply.status, body: present(result) }),
  });
}

/** JSON with sorted keys: two spellings of the same request have the same fingerprint. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v === 'bigint') return v.toString();
    if (v !== null && typeof v === 'object' && !Array.isArray(v)) {
      return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    return v;
  });
}
