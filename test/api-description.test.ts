import { z } from 'zod';
import { embargoAnswer, messageAnswer, problemAnswer, sensitivityAnswer } from '../src/web/api/answer-schemas.ts';
import { apiRoutes } from '../src/web/api/mount-api.ts';
import { openApiDocument } from '../src/web/api/openapi.ts';
import { FakeService } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb } from './fakes/start-web.ts';

type Json = Readonly<Record<string, unknown>>;

const routes = apiRoutes({ service: new FakeService() });
const document = openApiDocument(routes, '1.0.0') as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
};

/** Every value under a key, however deep. */
function valuesOf(key: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesOf(key, one));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => (name === key ? [one] : valuesOf(key, one)));
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and describes every call with its role', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    for (const { method, path, roles } of routes) {
      const operation = document.paths[path.replace(':id', '{id}')]?.[method];
      expect(operation?.['description']).toContain(`Roles: ${roles.join(', ')}.`);
    }
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/healthz', '/readyz', '/metrics']));
  });

  it('names each operation once', () => {
    const ids = valuesOf('operationId', document.paths);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers to nothing that it does not hold', () => {
    const references = valuesOf('$ref', document).map(String);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const found = reference
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((value, step) => (value as Json | undefined)?.[step], document);
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
  });

  it('has patterns that other languages can read', () => {
    for (const pattern of valuesOf('pattern', document).filter((one) => typeof one === 'string')) {
      expect(pattern).not.toMatch(/\\p\{|\(\?[<=!]/);
    }
  });

  it('says what must be sent', () => {
    const body = valuesOf('schema', document.paths['/v1/drafts']?.['post']?.['requestBody'])[0];
    expect(body).toMatchObject({ required: ['text', 'channel', 'author'], additionalProperties: false });
    const parameters = document.paths['/v1/messages']?.['post']?.['parameters'];
    expect(parameters).toMatchObject([
      { name: 'from', required: true },
      { name: 'to', required: true },
      { name: 'Idempotency-Key', in: 'header', required: false },
    ]);
  });
});

describe('answers', () => {
  let web: RunningWeb;
  beforeAll(async () => {
    web = await startWeb();
  });
  afterAll(() => web.close());

  it.each([
    ['POST', '/v1/drafts', messageAnswer, '{"text":"Record employment","channel":"x","author":"a@b.example"}'],
    ['POST', '/v1/drafts/check', messageAnswer, '{"text":"hello","channel":"x","author":"a@b.example"}'],
    ['GET', '/v1/messages/msg-1', messageAnswer, null],
    ['GET', '/v1/embargoes/labour-market-2016-01', embargoAnswer, null],
    ['GET', '/v1/sensitivity/core-lettings-2016-17', sensitivityAnswer, null],
    ['GET', '/v1/messages/nothing', problemAnswer, null],
    ['GET', '/v1/messages?limit=0', problemAnswer, null],
    ['POST', '/v1/drafts', problemAnswer, '{}'],
  ])('to %s %s are as described, without a key more', async (method, path, schema, body) => {
    const response = await fetch(web.origin + path, {
      method,
      headers: { authorization: 'Bearer token-submitter+reviewer+registrar', 'content-type': 'application/json' },
      ...(body === null ? {} : { body }),
    });
    expect(z.strictObject(schema.shape).safeParse(await response.json()).error).toBeUndefined();
  });
});
