type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const at = (value: unknown, ...steps: readonly string[]): unknown =>
  steps.reduce<unknown>((one, step) => (isJson(one) ? one[step] : undefined), value);

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
}

/** A typed client in one file without imports, for an OpenAPI document whose answers are JSON. */
export function clientSource(document: Json): string {
  const schemas = Object.entries(
    isJson(at(document, 'components', 'schemas')) ? (at(document, 'components', 'schemas') as Json) : {},
  );
  const operations = operationsOf(document).filter(({ operation }) => answerOf(operation) !== null);
  return [
    HEAD(String(at(document, 'info', 'version'))),
    ...schemas.map(([name, schema]) => `${doc(schema)}export type ${name} = ${typeOf(schema)};\n`),
    ...operations.map(argumentTypes),
    '/** Every call of the API; each rejects with a `HoldfastProblem` where the answer is a problem. */\nexport interface HoldfastClient {',
    ...operations.map((one) => `${methodDoc(one)}${signature(one)}: Promise<${answerOf(one.operation)}>;`),
    '}\n',
    RUNTIME,
    'return {',
    ...operations.map(implementation),
    '};\n}\n',
  ].join('\n');
}

function operationsOf(document: Json): readonly Operation[] {
  const paths = isJson(document['paths']) ? document['paths'] : {};
  return Object.entries(paths).flatMap(([path, item]) =>
    isJson(item)
      ? Object.entries(item).flatMap(([method, operation]) => (isJson(operation) ? [{ method, path, operation }] : []))
      : [],
  );
}

function answerOf(operation: Json): string | null {
  const schema = at(operation, 'responses', '200', 'content', 'application/json', 'schema');
  return schema === undefined ? null : typeOf(schema);
}

const idOf = ({ operation }: Operation) => String(operation['operationId']);
const nameOf = (one: Operation) => `${idOf(one).slice(0, 1).toUpperCase()}${idOf(one).slice(1)}`;
const parametersIn = ({ operation }: Operation, place: string) =>
  list(operation['parameters'])
    .filter(isJson)
    .filter((one) => one['in'] === place);

function bodyOf({ operation }: Operation): { readonly type: string; readonly name: string } | null {
  const content = at(operation, 'requestBody', 'content');
  const [found] = isJson(content) ? Object.entries(content) : [];
  if (found === undefined) return null;
  const [type, media] = found;
  return { type, name: type === 'application/json' ? typeOf(at(media, 'schema')) : 'Uint8Array | string' };
}

/** Types of query and body, with names that say which call they are of. */
function argumentTypes(one: Operation): string {
  const query = parametersIn(one, 'query');
  const fields = query.map(
    (parameter) =>
      `${doc(parameter)}readonly ${String(parameter['name'])}${parameter['required'] === true ? '' : '?'}: ${typeOf(parameter['schema'])};`,
  );
  const body = bodyOf(one);
  return [
    query.length === 0 ? '' : `export interface ${nameOf(one)}Query {\n${fields.join('\n')}\n}\n`,
    body === null ? '' : `export type ${nameOf(one)}Body = ${body.name};\n`,
  ].join('');
}

function argumentsOf(one: Operation): readonly string[] {
  const query = parametersIn(one, 'query');
  const isNeeded = query.some((parameter) => parameter['required'] === true);
  return [
    ...parametersIn(one, 'path').map((parameter) => `${String(parameter['name'])}: string`),
    ...(bodyOf(one) === null ? [] : [`body: ${nameOf(one)}Body`]),
    ...(query.length === 0 ? [] : [`query${isNeeded ? '' : '?'}: ${nameOf(one)}Query`]),
    'options?: CallOptions',
  ];
}

const signature = (one: Operation) => `${idOf(one)}(${argumentsOf(one).join(', ')})`;

function methodDoc({ operation }: Operation): string {
  const description = String(operation['description'] ?? '');
  return `/** ${String(operation['summary'] ?? '')}. ${description} */\n`.replaceAll(/\*\/(?!\n$)/g, '* /');
}

function implementation(one: Operation): string {
  const body = bodyOf(one);
  const names = argumentsOf(one).map((argument) => argument.split(/[?:]/)[0]);
  const path = `\`${one.path.replaceAll(/\{(\w+)\}/g, '$${encodeURIComponent($1)}')}\``;
  const given = [
    `method: '${one.method.toUpperCase()}'`,
    `path: ${path.includes('$') ? path : path.replaceAll('`', "'")}`,
    ...(parametersIn(one, 'query').length === 0 ? [] : ['query']),
    ...(body === null
      ? []
      : [`type: '${body.type}'`, body.type === 'application/json' ? 'body: JSON.stringify(body)' : 'body']),
    'options',
  ];
  return `${idOf(one)}: (${names.join(', ')}) => call({ ${given.join(', ')} }),`;
}

function doc(schema: unknown): string {
  const description = at(schema, 'description');
  return typeof description === 'string' ? `/** ${description.replaceAll('*/', '* /')} */\n` : '';
}

/** A JSON Schema as a TypeScript type. */
function typeOf(schema: unknown): string {
  if (!isJson(schema)) return 'unknown';
  if (typeof schema['$ref'] === 'string') return schema['$ref'].slice(schema['$ref'].lastIndexOf('/') + 1);
  if ('const' in schema) return literal(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(literal).join(' | ');
  const union = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(union)) return [...new Set(union.map(typeOf))].join(' | ');
  const { type } = schema;
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(' | ');
  switch (type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `readonly (${typeOf(schema['items'])})[]`;
    case 'object':
      return objectType(schema);
    default:
      return 'unknown';
  }
}

function objectType(schema: Json): string {
  const properties = isJson(schema['properties']) ? Object.entries(schema['properties']) : [];
  const more = schema['additionalProperties'];
  if (properties.length === 0) return `Readonly<Record<string, ${isJson(more) ? typeOf(more) : 'unknown'}>>`;
  const required = list(schema['required']);
  const fields = properties.map(
    ([name, one]) =>
      `${doc(one)}readonly ${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(one)};`,
  );
  return `{\n${fields.join('\n')}\n}`;
}

const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);

const HEAD = (
  version: string,
) => `// Generated by \`npm run client\` from the OpenAPI document of Holdfast's API ${version}. Do not edit.
// One file without imports: copy it, or import it.
`;

const RUNTIME = `export interface CallOptions {
  /** For POST: the same key with the same request runs it once. Given, failures that may pass are tried again. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ClientOptions {
  /** As \`https://holdfast.department.example\`. */
  readonly baseUrl: string;
  readonly token: string;
  /** Attempts after the first, where Holdfast says that it can be tried again (429, 503); by default two. */
  readonly retries?: number;
  readonly fetch?: typeof fetch;
}

/** An answer that is a problem (RFC 9457). \`problem.type\` is stable: compare it. */
export class HoldfastProblem extends Error {
  override readonly name = 'HoldfastProblem';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(\`\${problem.title}: \${problem.detail}\`);
    this.problem = problem;
  }
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: object | undefined;
  readonly type?: string;
  readonly body?: Uint8Array | string;
  readonly options?: CallOptions | undefined;
}

function withQuery(path: string, query: object | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  }
  return search.size === 0 ? path : \`\${path}?\${search}\`;
}

/** A client of one Holdfast, with one token. */
export function createHoldfastClient(client: ClientOptions): HoldfastClient {
  async function call<T>({ method, path, query, type, body, options = {} }: Call): Promise<T> {
    const { idempotencyKey, signal } = options;
    const mayRetry = method !== 'POST' || idempotencyKey !== undefined;
    for (let left = mayRetry ? (client.retries ?? 2) : 0; ; left--) {
      const response = await (client.fetch ?? fetch)(client.baseUrl.replace(/\\/$/, '') + withQuery(path, query), {
        method,
        headers: {
          authorization: \`Bearer \${client.token}\`,
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
        ...(signal === undefined ? {} : { signal }),
      });
      if (response.ok) return (await response.json()) as T;
      const problem = (await response.json().catch(() => null)) as Problem | null;
      const isPassing = response.status === 429 || response.status === 503;
      if (left <= 0 || !isPassing) {
        const { status, statusText } = response;
        throw new HoldfastProblem(problem ?? { type: 'about:blank', title: statusText, status, detail: 'The answer is no problem in JSON.' });
      }
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      await new Promise((resolve) => setTimeout(resolve, Math.min(30, Number.isFinite(seconds) ? seconds : 1) * 1000));
    }
  }
`;
