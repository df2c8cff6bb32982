import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateClient } from '../client/generate.ts';
import { createHoldfastClient, HoldfastProblem } from '../client/holdfast-client.ts';
import { type RunningWeb, startWeb } from './fakes/start-web.ts';

let web: RunningWeb;
beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());

const clientOf = (roles: string) => createHoldfastClient({ baseUrl: web.origin, token: `token-${roles}` });
const draft = { text: 'Record employment', channel: 'x', author: 'press@department.example' };

test('the committed client is the one of the API as it is: npm run client', () => {
  expect(readFileSync(fileURLToPath(new URL('../client/holdfast-client.ts', import.meta.url)), 'utf8')).toBe(
    generateClient(),
  );
});

test('it judges drafts and e-mails, and reads what became of them', async () => {
  const client = clientOf('submitter+reviewer');
  expect((await client.postDrafts(draft)).verdict).toBe('hold');
  const mail = 'Subject: s\r\n\r\nRecord employment\r\n';
  const judged = await client.postMessages(mail, {
    from: 'a@department.example',
    to: ['b@paper.example', 'c+d@paper.example'],
  });
  expect(judged.envelope.to).toEqual(['b@paper.example', 'c+d@paper.example']);
  const page = await client.getMessages({ limit: 1 });
  expect(page.items).toHaveLength(1);
  expect((await client.getMessagesById('msg-1')).id).toBe('msg-1');
});

test('a decision goes through it, and registers page by page', async () => {
  const decided = await clientOf('reviewer').postMessagesByIdDecision('msg-1', {
    action: 'reject',
    reason: 'Not out yet.',
  });
  expect(decided.state).toBe('rejected');
  const registers = await clientOf('registrar').getEmbargoes({ limit: 1 });
  expect([registers.items.length, typeof registers.items[0]?.embargo.zone]).toEqual([1, 'string']);
});

test('a problem is thrown with its type and what to do', async () => {
  const failure = await clientOf('submitter')
    .getMessagesById('nothing here')
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HoldfastProblem);
  expect((failure as HoldfastProblem).problem).toMatchObject({ status: 404, type: '/docs/problems/not-found' });
});

test('what may pass is tried again: a GET always, a POST only with a key', async () => {
  const answers = [503, 429, 200, 503, 503, 200];
  const keys: (string | null)[] = [];
  const fetchOne: typeof fetch = async (_url, init) => {
    keys.push(new Headers(init?.headers).get('idempotency-key'));
    const status = answers.shift() ?? 200;
    return new Response('{"items":[],"next":null}', { status, headers: { 'retry-after': '0' } });
  };
  const client = createHoldfastClient({ baseUrl: web.origin, token: 't', fetch: fetchOne });
  expect(await client.getMessages()).toEqual({ items: [], next: null });
  await expect(client.postDrafts(draft)).rejects.toMatchObject({ name: 'HoldfastProblem' });
  await client.postDrafts(draft, { idempotencyKey: 'k' });
  expect(keys).toEqual([null, null, null, null, 'k', 'k']);
});

test('every type of a problem leads to a page that says what to do', async () => {
  const page = await (await fetch(`${web.origin}/docs`)).text();
  const types = [...new Set([...page.matchAll(/href="(\/docs\/problems\/[a-z-]+)"/g)].map(([, path = '']) => path))];
  expect(types.length).toBeGreaterThanOrEqual(14);
  for (const type of types) {
    const response = await fetch(web.origin + type);
    const text = await response.text();
    expect([type, response.status]).toEqual([type, 200]);
    expect(text).toContain(type);
    // Nothing of another host, and no script but our own files.
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\/|<script(?![^>]+src="\/)/);
  }
  expect((await fetch(`${web.origin}/docs/problems/constructor`)).status).toBe(404);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\/|<script(?![^>]+src="\/)/);
});
