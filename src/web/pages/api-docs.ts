import type { ApiRoute } from '../api/api-route.ts';
import { PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemName } from '../problem.ts';
import { PROBLEM_HELP } from '../problem-help.ts';

type Json = Readonly<Record<string, unknown>>;

interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The OpenAPI document as a page shows it: every call with its fields, and every problem. */
export function apiDocsData(document: Json, routes: readonly ApiRoute[]): Json {
  const paths = isJson(document['paths']) ? document['paths'] : {};
  const schemas = schemasOf(document);
  const calls = routes.map((route) => {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const item = paths[path];
    const operation = isJson(item) && isJson(item[route.method]) ? (item[route.method] as Json) : {};
    return {
      id: String(operation['operationId'] ?? ''),
      method: route.method.toUpperCase(),
      path,
      summary: route.summary,
      description: route.description ?? null,
      roles: route.roles,
      parameters: parametersOf(operation),
      body: route.body?.type ?? null,
      fields: fieldsOf(contentSchema(operation['requestBody'], 'application/json'), schemas),
      answer: answerName(operation),
    };
  });
  return {
    tags: [...new Set(routes.map(({ tag }) => tag))].map((tag) => ({
      tag,
      calls: calls.filter((_call, index) => routes[index]?.tag === tag),
    })),
    schemas: [...schemas].map(([name, schema]) => ({ name, fields: fieldsOf(schema, schemas) })),
    problems: Object.entries(PROBLEMS).map(([name, problem]) => ({
      ...problem,
      type: `${PROBLEM_TYPE_PREFIX}${name}`,
    })),
  };
}

/** The page that a problem's type leads to; null where there is no such problem. */
export function problemHelp(name: string): Json | null {
  const isKnown = (one: string): one is ProblemName => Object.hasOwn(PROBLEMS, one);
  if (!isKnown(name)) return null;
  return { ...PROBLEMS[name], type: `${PROBLEM_TYPE_PREFIX}${name}`, help: PROBLEM_HELP[name] };
}

function schemasOf(document: Json): ReadonlyMap<string, Json> {
  const components = isJson(document['components']) ? document['components'] : {};
  const schemas = isJson(components['schemas']) ? components['schemas'] : {};
  return new Map(Object.entries(schemas).flatMap(([name, one]) => (isJson(one) ? [[name, one] as const] : [])));
}

function parametersOf(operation: Json): readonly Field[] {
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isJson) : [];
  // The path says all that there is to say of its id.
  return parameters
    .filter((one) => one['in'] !== 'path')
    .map((one) => ({
      name: String(one['name']),
      type: typeName(one['schema']),
      required: one['required'] === true,
      description: String(one['description'] ?? ''),
    }));
}

function contentSchema(holder: unknown, type: string): unknown {
  const content = isJson(holder) && isJson(holder['content']) ? holder['content'][type] : null;
  return isJson(content) ? content['schema'] : null;
}

function answerName(operation: Json): string {
  const responses = isJson(operation['responses']) ? operation['responses'] : {};
  return typeName(contentSchema(responses['200'], 'application/json'));
}

function fieldsOf(schema: unknown, schemas: ReadonlyMap<string, Json>): readonly Field[] {
  const own = isJson(schema) && typeof schema['$ref'] === 'string' ? schemas.get(refName(schema['$ref'])) : schema;
  if (!isJson(own) || !isJson(own['properties'])) return [];
  const required = Array.isArray(own['required']) ? own['required'] : [];
  return Object.entries(own['properties']).map(([name, one]) => ({
    name,
    type: typeName(one),
    required: required.includes(name),
    description: isJson(one) ? String(one['description'] ?? '') : '',
  }));
}

const refName = (reference: string) => reference.slice(reference.lastIndexOf('/') + 1);

/** A schema in a few words: `text`, `list of Message`, `release or reject`. */
function typeName(schema: unknown): string {
  if (!isJson(schema)) return '';
  if (typeof schema['$ref'] === 'string') return refName(schema['$ref']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(String).join(' or ');
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['anyOf'])) return [...new Set(schema['anyOf'].map(typeName))].join(' or ');
  if (schema['type'] === 'array') return `list of ${typeName(schema['items'])}`;
  if (schema['format'] === 'date-time') return 'instant';
  if (schema['contentEncoding'] === 'base64') return 'base64';
  if (Array.isArray(schema['type'])) return schema['type'].map((type) => typeName({ type })).join(' or ');
  return schema['type'] === 'string' ? 'text' : String(schema['type'] ?? 'anything');
}
