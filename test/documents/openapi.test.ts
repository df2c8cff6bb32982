import { readFileSync } from 'node:fs';
import { API_VERSION, apiRoutes } from '../../src/web/api/mount-api.ts';
import { openApiDocument } from '../../src/web/api/openapi.ts';
import { FakeService } from '../fakes/fake-service.ts';
import { schemaFaults } from './json-schema.ts';

// The OpenAPI Initiative's own schema of 3.1 documents (Apache-2.0), as published at spec.openapis.org/oas/3.1/schema.
const schema = JSON.parse(readFileSync(new URL('./openapi-3.1.schema.json', import.meta.url), 'utf8'));
const document = () =>
  structuredClone(openApiDocument(apiRoutes({ service: new FakeService() }), API_VERSION)) as Record<string, never>;

test('our document is one of OpenAPI 3.1, by its own schema', () => {
  expect(schemaFaults(document(), schema)).toEqual([]);
});

type Edit = (draft: Record<string, Record<string, Record<string, Record<string, unknown>>>>) => void;

// The check itself is checked: each of these is a mistake that is easily made.
test.each<[string, Edit]>([
  ['a version that is none', (draft) => Object.assign(draft, { openapi: '3.0.3' })],
  ['no title', (draft) => delete draft['info']?.['title']],
  ['a path without its slash', (draft) => Object.assign(draft['paths'] ?? {}, { 'v1/x': { get: {} } })],
  ['a parameter without its place', (draft) => delete parameterOf(draft)['in']],
  ['a path parameter that is not required', (draft) => Object.assign(parameterOf(draft), { required: false })],
  ['a misspelt key', (draft) => Object.assign(draft['paths']?.['/healthz']?.['get'] ?? {}, { operationID: 'x' })],
  [
    'an answer without a description',
    (draft) => Object.assign(draft['paths']?.['/healthz']?.['get'] ?? {}, { responses: { 200: {} } }),
  ],
  [
    'a security scheme of no kind',
    (draft) => Object.assign(draft['components']?.['securitySchemes'] ?? {}, { x: { type: 'magic' } }),
  ],
])('the check finds %s', (_what, edit) => {
  const draft = document();
  edit(draft);
  expect(schemaFaults(draft, schema).length).toBeGreaterThan(0);
});

function parameterOf(draft: Parameters<Edit>[0]): Record<string, unknown> {
  const operation = draft['paths']?.['/v1/messages/{id}']?.['get'] as { parameters: Record<string, unknown>[] };
  return operation.parameters[0] ?? {};
}
