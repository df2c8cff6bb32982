import { z } from 'zod';
import { PROBLEMS } from '../problem.ts';
import { problemAnswer } from './answer-schemas.ts';
import type { ApiRoute } from './api-route.ts';
import { IDEMPOTENCY_HEADER } from './idempotency.ts';

type Json = Readonly<Record<string, unknown>>;

/** Schemas that have an id become components, so that clients get types with names. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Map<string, unknown>): unknown {
  const whole = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  const definitions = (whole['$defs'] ?? {}) as Record<string, unknown>;
  for (const [name, definition] of Object.entries(definitions)) components.set(name, strip(definition));
  const name = typeof whole['id'] === 'string' ? whole['id'] : null;
  const own = strip(whole);
  if (name === null) return own;
  components.set(name, own);
  return { $ref: `#/components/schemas/${name}` };
}

/** JSON Schema as OpenAPI embeds it: no `$schema`, no `$defs`, references into the components. */
function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      if (key === '$schema' || key === '$defs' || (key === 'id' && typeof one === 'string')) return [];
      // Not every language reads these; the service checks them whatever the document says.
      if (key === 'pattern' && /\\p\{|\(\?[<=!]/.test(String(one))) return [];
      if (key === '$ref' && typeof one === 'string') return [[key, one.replace('#/$defs/', '#/components/schemas/')]];
      return [[key, strip(one)]];
    }),
  );
}

/** The OpenAPI 3.1 document of the routes, made from the same schemas that check requests. */
export function openApiDocument(routes: readonly ApiRoute[], version: string): Json {
  const components = new Map<string, unknown>();
  const problem = { 'application/problem+json': { schema: schemaOf(problemAnswer, 'output', components) } };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, components) };
  }
  for (const [path, item] of Object.entries(OPERATIONS)) paths[path] = item;
  const responses = Object.fromEntries(
    // Of two with one status the first one's title stays.
    Object.values(PROBLEMS)
      .toReversed()
      .map(({ status, title }) => [
        `Problem${status}`,
        { description: title, ...(status === 429 || status === 503 ? RETRY_AFTER : {}), content: problem },
      ]),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Holdfast',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Screens what leaves an organisation that handles official statistics. Every answer is in the caller’s view; errors are RFC 9457 problem details.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set([...routes.map(({ tag }) => tag), 'Operations'])].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(components),
      responses,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'holdfast' },
      },
    },
  };
}

const RETRY_AFTER = {
  headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } } },
};

const text = (description: string) => ({ description, content: { 'text/plain': { schema: { type: 'string' } } } });
const plain = (operationId: string, summary: string, responses: Json) => ({
  get: { operationId, tags: ['Operations'], summary, security: [], responses },
});
const OPERATIONS: Readonly<Record<string, Record<string, unknown>>> = {
  '/healthz': plain('getHealthz', 'Whether the process lives', { 200: text('It lives.') }),
  '/readyz': plain('getReadyz', 'Whether messages can be judged', {
    200: text('They can.'),
    503: { $ref: '#/components/responses/Problem503' },
  }),
  '/metrics': plain('getMetrics', 'Prometheus metrics', { 200: text('Prometheus text format.') }),
};

function operation(route: ApiRoute, components: Map<string, unknown>): Json {
  const statuses = [401, 403, 422, 429, 500, 503];
  if (route.path.includes(':id')) statuses.push(404);
  if (route.body !== null) statuses.push(413, 415);
  if (route.body?.type === 'application/json') statuses.push(400);
  if (route.method === 'post') statuses.push(409);
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, `Roles: ${route.roles.join(', ')}.`].filter(Boolean).join(' '),
    parameters: [...pathParameters(route), ...queryParameters(route, components), ...headerParameters(route)],
    ...(route.body === null ? {} : { requestBody: { required: true, content: bodyContent(route, components) } }),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: schemaOf(route.answer, 'output', components) } },
      },
      ...Object.fromEntries(
        statuses
          .sort((one, other) => one - other)
          .map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
      ),
    },
  };
}

function operationId({ method, path }: ApiRoute): string {
  const words = path.split('/').filter((step) => step !== '' && step !== 'v1');
  return method + words.map((word) => (word === ':id' ? 'ById' : `${word[0]?.toUpperCase()}${word.slice(1)}`)).join('');
}

function pathParameters({ path }: ApiRoute): readonly Json[] {
  return path.includes(':id') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : [];
}

function headerParameters({ method }: ApiRoute): readonly Json[] {
  if (method !== 'post') return [];
  const description =
    'The same request with the same key is run once, and for 24 hours answered alike; another request with it is 422.';
  const schema = { type: 'string', minLength: 1, maxLength: 255 };
  return [{ name: IDEMPOTENCY_HEADER, in: 'header', required: false, description, schema }];
}

function queryParameters(route: ApiRoute, components: Map<string, unknown>): readonly Json[] {
  if (route.query === null) return [];
  const schema = schemaOf(route.query, 'input', components) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(schema.properties ?? {}).map(([name, { description, ...property }]) => ({
    name,
    in: 'query',
    required: (schema.required?.includes(name) ?? false) || property['minItems'] === 1,
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function bodyContent(route: ApiRoute, components: Map<string, unknown>): Json {
  if (route.body === null) return {};
  if (route.body.type === 'message/rfc822') return { 'message/rfc822': {} };
  return { 'application/json': { schema: schemaOf(route.body.documented ?? route.body.schema, 'input', components) } };
}
