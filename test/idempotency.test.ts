import type { BegunRequest, IdempotencyRecord, KeptAnswer } from '../src/service/idempotency-record.ts';
import { type RunningWeb, startWeb } from './fakes/start-web.ts';

/** The record over a map; the real one has its own test. */
class MemoryRecord implements IdempotencyRecord {
  readonly known = new Map<string, { readonly request: string; answer: KeptAnswer | null }>();

  async begin(caller: { readonly id: string }, key: string, request: readonly unknown[]): Promise<BegunRequest> {
    const ticket = `${caller.id} ${key}`;
    const asked = request.map(String).join('\n');
    const found = this.known.get(ticket);
    if (found === undefined) {
      this.known.set(ticket, { request: asked, answer: null });
      return { kind: 'new', ticket };
    }
    if (found.request !== asked) return { kind: 'other' };
    return found.answer === null ? { kind: 'running' } : { kind: 'answered', answer: found.answer };
  }

  async finish(ticket: string, answer: KeptAnswer): Promise<void> {
    const found = this.known.get(ticket);
    if (found !== undefined) found.answer = answer;
  }

  async forget(ticket: string): Promise<void> {
    this.known.delete(ticket);
  }
}

let web: RunningWeb;
const record = new MemoryRecord();
beforeAll(async () => {
  web = await startWeb({ idempotency: record });
});
afterAll(() => web.close());
beforeEach(() => record.known.clear());

async function post(key: string | null, text = 'Out at 9:30.', path = '/v1/drafts') {
  const response = await fetch(web.origin + path, {
    method: 'POST',
    headers: {
      authorization: 'Bearer token-submitter+reviewer',
      'content-type': 'application/json',
      ...(key === null ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify({ text, channel: 'x', author: 'a@b.example' }),
  });
  const body = (await response.json()) as Readonly<Record<string, unknown>>;
  return { status: response.status, body, replayed: response.headers.get('idempotency-replayed') };
}

test('the same request with the same key is run once and answered alike', async () => {
  const first = await post('"8e03978e-40d5-43e8-bc93-6894a57f9324"');
  const second = await post('8e03978e-40d5-43e8-bc93-6894a57f9324');
  expect([first.status, first.replayed, second.status, second.replayed]).toEqual([200, null, 200, 'true']);
  expect(second.body).toEqual(first.body);
});

test('without a key every request is its own', async () => {
  await post(null);
  expect(record.known.size).toBe(0);
});

test('another request with the same key is 422', async () => {
  await post('k');
  expect(await post('k', 'Something else.')).toMatchObject({
    status: 422,
    body: { type: '/docs/problems/idempotency-key-reused' },
  });
});

test('a request that is still at work is 409, and says when to ask again', async () => {
  const body = JSON.stringify({ text: 'Out at 9:30.', channel: 'x', author: 'a@b.example' });
  await post('k');
  record.known.forEach((value, ticket) => {
    record.known.set(ticket, { ...value, request: ['POST', '/v1/drafts', Buffer.from(body)].join('\n'), answer: null });
  });
  expect(await post('k')).toMatchObject({ status: 409, body: { type: '/docs/problems/request-in-progress' } });
});

test('a body that breaks a rule does not use the key up', async () => {
  expect((await post('k', '')).status).toBe(422);
  expect((await post('k')).status).toBe(200);
});

test.each([
  ['spaces', 'a b'],
  ['256 characters', 'x'.repeat(256)],
  ['an open quote', '"abc'],
])('a key with %s is refused', async (_what, key) => {
  expect(await post(key)).toMatchObject({ status: 400, body: { type: '/docs/problems/malformed-request' } });
});
