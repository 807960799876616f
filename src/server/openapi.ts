import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { ERROR_CODES, type ErrorCode } from '../domain/shared/errors.ts';
import { ProblemView } from './problem.ts';
import type { Route } from './route.ts';

type Document = ReturnType<typeof createDocument>;

const IdempotencyKey = z.string().min(1).max(255).optional().meta({
  description: 'Repeat the request with the same key and body to get the first answer again (24 hours).',
});

/** OpenAPI 3.1 of exactly the routes that are served. */
export function openApiDocument(
  routes: readonly Route[],
  options: { version: string; publicUrl: string },
): Document {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    path[route.method] = operation(route);
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Crossborder Trade API',
      version: options.version,
      description:
        'Amounts are integers in minor units: {"amount":"1999","currency":"EUR"} is EUR 19.99. Times are UTC. Errors are RFC 9457 problems with a stable code.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${options.publicUrl.replace(/\/$/, '')}/api/v1` }],
    tags: [...new Set(routes.flatMap((r) => r.tags))].map((name) => ({ name })),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
    paths: paths,
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const params: Record<string, z.ZodObject> = {};
  if (route.params instanceof z.ZodObject) params.path = route.params;
  if (route.query instanceof z.ZodObject) params.query = route.query;
  const headers = route.headers instanceof z.ZodObject ? route.headers.shape : {};
  const header = route.idempotent === true ? { ...headers, 'idempotency-key': IdempotencyKey } : headers;
  if (Object.keys(header).length > 0) params.header = z.object(header);
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [...route.tags],
    security:
      route.auth === 'public' ? [] : route.auth === 'optional' ? [{}, { bearer: [] }] : [{ bearer: [] }],
    ...(Object.keys(params).length > 0 ? { requestParams: params } : {}),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: route.body } },
          },
        }),
    responses: {
      [String(route.reply.status)]: {
        description: route.reply.description ?? 'Done',
        ...(route.reply.schema === undefined
          ? {}
          : { content: { 'application/json': { schema: route.reply.schema } } }),
      },
      '4XX': {
        description: `A problem${codes(route)}`,
        content: { 'application/problem+json': { schema: ProblemView } },
      },
    },
  };
}

function codes(route: Route): string {
  const named: ErrorCode[] = [...(route.errors ?? [])];
  if (route.body !== undefined || route.query !== undefined) named.push('validation_failed');
  if (route.params !== undefined) named.push('not_found');
  if (route.auth !== 'public') named.push('unauthenticated');
  return named.length === 0
    ? ''
    : `: ${[...new Set(named)].map((c) => `\`${c}\` (${ERROR_CODES[c]})`).join(', ')}`;
}

/** `getOrdersById`: unique because method and path are. */
function operationId(route: Route): string {
  const words = route.path
    .split('/')
    .filter(Boolean)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      const word = (name ?? part).replaceAll(/[-_.](\w)/g, (_m, c: string) => c.toUpperCase());
      return (name === undefined ? '' : 'By') + word.charAt(0).toUpperCase() + word.slice(1);
    });
  return route.method + words.join('');
}
