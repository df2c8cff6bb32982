import { request as httpRequest } from 'node:http';
import { FAKE_LIFT, FAKE_NOW } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb, Visitor } from './fakes/start-web.ts';

const MB = 1024 * 1024;

let web: RunningWeb;
beforeEach(async () => {
  web = await startWeb({ limits: { messageBytes: MB } });
});
afterEach(() => web.close());

interface Call {
  readonly method?: string;
  readonly token?: string | null;
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

async function call(
  path: string,
  { method, token = 'token-submitter+reviewer+registrar', type, headers, body }: Call = {},
) {
  const response = await fetch(`${web.origin}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(type === null ? {} : { 'content-type': type ?? 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text.startsWith('{') ? JSON.parse(text) : text };
}

const draft = (change: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ text: 'Record employment!', channel: 'x', author: 'officer@department.example', ...change });

const mail = (text = 'Record employment!') => `From: officer@department.example\r\nSubject: today\r\n\r\n${text}\r\n`;
const ENVELOPE = '?from=officer@department.example&to=a@press.example&to=b@press.example';
const RFC822 = 'message/rfc822';

describe('a draft', () => {
  it('is held until the lift while the embargo runs', async () => {
    const { status, json } = await call('/v1/drafts', { body: draft() });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      kind: 'draft',
      state: 'held',
      verdict: 'hold',
      holdUntil: '2016-01-20T09:30:00.000Z',
      effectiveAt: '2016-01-20T09:15:00.000Z',
      envelope: { from: 'officer@department.example', to: [] },
      findings: [{ detector: 'direction', path: 'body', span: { start: 0, end: 17 } }],
      incomplete: [],
    });
  });

  it.each([
    ['2016-01-20T09:30:00Z', 'pass'],
    ['2016-01-20T10:30:00+01:00', 'pass'],
    ['2016-01-20T09:29:59Z', 'hold'],
    [null, 'hold'],
  ])('planned for %s comes to %s', async (publishAt, verdict) => {
    const { json } = await call('/v1/drafts', { body: draft({ publishAt }) });
    expect(json.verdict).toBe(verdict);
  });

  it('that is only checked is not kept', async () => {
    const { status, json } = await call('/v1/drafts/check', { body: draft() });
    expect([status, json.verdict, web.service.messages.length]).toEqual([200, 'hold', 0]);
  });

  it.each([
    ['a planned time without an offset', { publishAt: '2016-01-20T09:30:00' }, '/publishAt'],
    ['a day that does not exist', { publishAt: '2016-02-30T09:30:00Z' }, '/publishAt'],
    ['no text', { text: undefined }, '/text'],
    ['nothing in it', { text: ' ' }, '/text'],
    ['no author', { author: undefined }, '/author'],
    ['a key nobody knows', { txt: 'x' }, '/'],
    [
      'an attachment that is not base64',
      { attachments: [{ name: 'a.csv', type: 'text/csv', base64: 'a,b!' }] },
      '/attachments/0/base64',
    ],
    [
      'an attachment without a name',
      { attachments: [{ name: '', type: 'text/csv', base64: '' }] },
      '/attachments/0/name',
    ],
    ['a recipient that is no address', { recipients: ['someone'] }, '/recipients/0'],
    ['a recipient that would split a header', { recipients: ['a@b.example\r\nBcc: c@d.example'] }, '/recipients/0'],
  ])('with %s is refused, and the answer names the place', async (_what, change, pointer) => {
    const { status, json, headers } = await call('/v1/drafts', { body: draft(change) });
    expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8']);
    expect(json).toMatchObject({ type: '/docs/problems/invalid', status: 422, errors: [{ pointer }] });
  });

  it.each([
    ['is not JSON', '{"text":', 400],
    ['is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400],
    ['is a list', '[]', 422],
  ])('whose body %s is refused', async (_what, body, status) => {
    expect((await call('/v1/drafts', { body })).status).toBe(status);
  });
});

describe('an e-mail', () => {
  it('is judged between the parties of its envelope, one or many', async () => {
    const { status, json } = await call(`/v1/messages${ENVELOPE}`, { type: RFC822, body: mail() });
    expect(status).toBe(200);
    expect(json.envelope).toEqual({ from: 'officer@department.example', to: ['a@press.example', 'b@press.example'] });
    const one = await call('/v1/messages?from=a@b.example&to=c%2Bd@e.example', { type: RFC822, body: mail('hello') });
    expect(one.json).toMatchObject({ verdict: 'pass', holdUntil: null, envelope: { to: ['c+d@e.example'] } });
  });

  it('of the null sender is taken', async () => {
    const { status, json } = await call('/v1/messages?from=&to=a@b.example', { type: RFC822, body: mail('hello') });
    expect([status, json.envelope.from]).toEqual([200, '']);
  });

  it('to thousands of people is taken', async () => {
    const to = Array.from({ length: 2000 }, (_, index) => `to=person${index}@department.example`).join('&');
    const { json } = await call(`/v1/messages?from=a@b.example&${to}`, { type: RFC822, body: mail('hello') });
    expect(json.envelope.to).toHaveLength(2000);
  });

  it.each([
    ['no recipient', '?from=a@b.example', RFC822, mail(), 422],
    ['no sender', '?to=a@b.example', RFC822, mail(), 422],
    ['two senders', '?from=a@b.example&from=c@b.example&to=a@b.example', RFC822, mail(), 422],
    ['a recipient that is no address', '?from=a@b.example&to=everybody', RFC822, mail(), 422],
    ['a control character in an address', '?from=a@b.example&to=a%00b@c.example', RFC822, mail(), 422],
    ['a line end in an address', '?from=a@b.example&to=a%0d%0ab@c.example', RFC822, mail(), 422],
    ['a parameter nobody knows', `${ENVELOPE}&cc=a@b.example`, RFC822, mail(), 422],
    ['an empty body', ENVELOPE, RFC822, '', 422],
    ['another type', ENVELOPE, 'application/json', mail(), 415],
    ['no type', ENVELOPE, null, new TextEncoder().encode(mail()), 415],
    ['more than the limit', ENVELOPE, RFC822, mail('x'.repeat(MB)), 413],
  ])('with %s is refused', async (_what, query, type, body, status) => {
    const answer = await call(`/v1/messages${query}`, { type, body });
    expect(answer.status).toBe(status);
    expect(answer.json.detail).toMatch(/\S/);
    expect(web.service.messages).toHaveLength(0);
  });

  it('without an envelope says what is missing', async () => {
    const { json } = await call('/v1/messages', { type: RFC822, body: mail() });
    expect(JSON.stringify(json)).toMatch(
      /from.{0,40}is missing; give the envelope sender.*to.{0,40}names no recipient/,
    );
  });

  it('that hides its size is cut off at the limit, on bytes that arrived', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${web.origin}/v1/messages${ENVELOPE}`, {
        method: 'POST',
        headers: { authorization: 'Bearer token-submitter', 'content-type': RFC822, 'transfer-encoding': 'chunked' },
      });
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      for (let sent = 0; sent < 3; sent += 1) request.write(Buffer.alloc(MB, 'x'));
      request.end();
    });
    expect(status).toBe(413);
  });

  it('that is broken off leaves its room to others', async () => {
    await web.close();
    web = await startWeb({ limits: { messageBytes: MB, bodyBytesInFlight: MB } });
    for (let time = 0; time < 4; time += 1) {
      await new Promise<void>((resolve) => {
        const request = httpRequest(`${web.origin}/v1/messages${ENVELOPE}`, {
          method: 'POST',
          headers: { authorization: 'Bearer token-submitter', 'content-type': RFC822, 'content-length': MB },
        });
        request.on('error', () => resolve());
        request.write(Buffer.alloc(MB / 2, 'x'), () => setTimeout(() => request.destroy(new Error('gone')), 30));
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    const whole = await call(`/v1/messages${ENVELOPE}`, { type: RFC822, body: mail('x'.repeat(MB / 2 + 1000)) });
    expect(whole.status).toBe(200);
    expect(web.log.join()).not.toContain('request failed');
  });

  it('is asked to come again while others fill the memory', async () => {
    await web.close();
    web = await startWeb({ limits: { messageBytes: MB, bodyBytesInFlight: 1000 } });
    const refused = await call(`/v1/messages${ENVELOPE}`, { type: RFC822, body: mail('x'.repeat(2000)) });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    for (let time = 0; time < 5; time += 1) {
      expect((await call(`/v1/messages${ENVELOPE}`, { type: RFC822, body: mail('x'.repeat(600)) })).status).toBe(200);
    }
  });
});

describe('stored messages', () => {
  beforeEach(async () => {
    for (const text of ['Record employment one', 'nothing', 'Record employment two', 'Record employment three']) {
      await call('/v1/drafts', { body: draft({ text }) });
    }
  });

  it('are listed newest first, a page at a time', async () => {
    const first = await call('/v1/messages?state=held&limit=2');
    expect(first.json.items.map((one: { id: string }) => one.id)).toEqual(['msg-4', 'msg-3']);
    const second = await call(`/v1/messages?state=held&limit=2&after=${first.json.next}`);
    expect([second.json.items.map((one: { id: string }) => one.id), second.json.next]).toEqual([['msg-1'], null]);
  });

  it('are found by id', async () => {
    const { json } = await call('/v1/messages/msg-1');
    expect(json).toMatchObject({
      id: 'msg-1',
      receivedAt: new Date(FAKE_NOW).toISOString(),
      holdUntil: new Date(FAKE_LIFT).toISOString(),
    });
    expect((await call('/v1/messages/msg-99')).status).toBe(404);
  });

  it('are decided once, with a reason', async () => {
    const decide = (body: unknown) => call('/v1/messages/msg-1/decision', { body: JSON.stringify(body) });
    expect((await decide({ action: 'release', reason: '  ' })).status).toBe(422);
    expect((await decide({ action: 'burn', reason: 'because' })).status).toBe(422);
    const released = await decide({ action: 'release', reason: 'It is public now.' });
    expect([released.status, released.json.state]).toEqual([200, 'released']);
    const again = await decide({ action: 'reject', reason: 'no' });
    expect([again.status, again.json.type]).toEqual([409, '/docs/problems/conflict']);
  });

  it.each(['limit=0', 'limit=1001', 'limit=ten', 'state=gone', 'order=sideways'])(
    'are not listed with %s',
    async (query) => {
      expect((await call(`/v1/messages?${query}`)).status).toBe(422);
    },
  );
});

describe('register entries', () => {
  it('have the shape of their file, and tell of figures only that they are there', async () => {
    const { json } = await call('/v1/embargoes/labour-market-2016-01');
    expect(json).toMatchObject({
      embargo: { from: '2016-01-13T00:00', until: '2016-01-20T09:30', zone: 'Europe/London' },
      preRelease: { opens: '2016-01-19T09:30', access: [{ email: 'analyst@department.example' }] },
      figures: [{ measure: 'employment-rate', unit: 'percent' }],
    });
    expect(JSON.stringify(json)).not.toMatch(/digest|null/);
    expect((await call('/v1/sensitivity/core-lettings-2016-17')).json.columns).toEqual(['TENANCYCODE', 'POSTCODE']);
  });

  it('are written, or refused with the key at fault', async () => {
    const written = await call('/v1/embargoes/gdp-2016', { method: 'PUT', body: JSON.stringify({ title: 'GDP' }) });
    expect([written.status, written.json.title]).toEqual([200, 'GDP']);
    const refused = await call('/v1/sensitivity/x', { method: 'PUT', body: '{}' });
    expect([refused.status, refused.json.detail]).toEqual([422, 'title: is missing, name the dataset']);
  });
});

describe('callers', () => {
  it.each([
    ['no credentials', null],
    ['an unknown token', 'nobody'],
  ])('with %s are asked who they are', async (_what, token) => {
    const { status, headers, json } = await call('/v1/messages', { token });
    expect([status, json.type]).toEqual([401, '/docs/problems/unauthenticated']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="holdfast"/);
  });

  it('with a wrong token are not helped out by a session', async () => {
    const visitor = new Visitor(web.origin);
    await visitor.signIn('admin');
    expect((await visitor.get('/v1/messages')).status).toBe(200);
    expect((await visitor.get('/v1/messages', { authorization: 'Bearer nobody' })).status).toBe(401);
    expect((await visitor.get('/v1/messages', { authorization: 'Basic YTpi' })).status).toBe(401);
  });

  it('signed in are not steered by a page of another site', async () => {
    const visitor = new Visitor(web.origin);
    await visitor.signIn('admin');
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const send = (headers: Record<string, string>) =>
      call('/v1/drafts', { token: null, headers: { cookie, ...headers }, body: draft() });
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ origin: 'null' })).status).toBe(403);
    expect((await send({ origin: web.origin })).status).toBe(200);
  });

  it('beyond their rate wait as long as they are told, and others do not', async () => {
    await web.close();
    let now = 0;
    web = await startWeb({ limits: { requestsPerSecond: 3 }, monotonic: () => now });
    const statuses = [];
    for (let time = 0; time < 5; time += 1) statuses.push((await call('/v1/messages')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const limited = await call('/v1/messages');
    expect([limited.headers.get('retry-after'), limited.json.type]).toEqual(['1', '/docs/problems/too-many-requests']);
    expect((await call('/v1/messages', { token: 'token-reviewer' })).status).toBe(200);
    now += 1000;
    expect((await call('/v1/messages')).status).toBe(200);
  });
});

describe('operations', () => {
  it('say that the process lives, and what is wrong before it can judge', async () => {
    expect((await call('/healthz', { token: null })).status).toBe(200);
    expect((await call('/readyz', { token: null })).status).toBe(200);
    web.service.faults = ['There is no register; import one.'];
    const { status, json } = await call('/readyz', { token: null });
    expect([status, json.detail]).toEqual([503, 'There is no register; import one.']);
    expect((await call('/healthz', { token: null })).status).toBe(200);
  });

  it('answer every error of the API as problem details', async () => {
    expect((await call('/v1/nothing')).json).toMatchObject({ status: 404, type: '/docs/problems/not-found' });
    const wrong = await call('/v1/messages/msg-1', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await call('/v1/messages/%E0%A4%A')).json).toMatchObject({ status: 400 });
    web.service.failure = new Error('secret inside');
    const broken = await call('/v1/messages');
    expect(broken.json).toMatchObject({ status: 500, type: '/docs/problems/internal-error' });
    expect(JSON.stringify(broken.json)).not.toMatch(/secret|at /);
  });

  it('log neither addresses nor content', async () => {
    await call(`/v1/messages${ENVELOPE}`, { type: RFC822, body: mail() });
    await call('/v1/drafts', { body: draft() });
    expect(web.log).toHaveLength(2);
    expect(web.log.join()).not.toMatch(/department|press|employment|token-/i);
  });

  it('send no answer without its security headers', async () => {
    for (const path of ['/v1/messages', '/openapi.json', '/healthz', '/sign-in', '/nowhere']) {
      const { headers } = await call(path, { token: null });
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});
