import { createHmac } from 'node:crypto';
import { createCheckPointDesk } from '../src/service/check-point-desk.ts';
import type { NewCheckPoint } from '../src/service/check-points.ts';
import { CHAT_DIALECTS } from '../src/web/check-points/chat-dialects.ts';
import { aCaller } from './fakes/fake-accounts.ts';
import { FakeCheckPoints } from './fakes/fake-check-points.ts';
import { type RunningWeb, startWeb, Visitor } from './fakes/start-web.ts';

const CMS = 'https://cms.department.example';
const SECRET = 'a secret of sixteen';
const NOW = Date.parse('2030-06-01T12:00:00Z');
const ADMIN = aCaller(['admin']);
const SITE: NewCheckPoint = {
  kind: 'embed',
  name: 'Scheduler',
  author: 'press@department.example',
  origins: [CMS],
  days: 365,
  secret: null,
};

let web: RunningWeb;
let record: FakeCheckPoints;
let wall: number;
let token: string;

beforeEach(async () => {
  record = new FakeCheckPoints();
  wall = NOW;
  const checkPoints = createCheckPointDesk({ record, wallClock: () => wall });
  web = await startWeb({ checkPoints });
  const made = await checkPoints.create(SITE, ADMIN);
  token = (made.ok ? made.value.token : null) ?? '';
});
afterEach(() => web.close());

async function make(point: Partial<NewCheckPoint>): Promise<string> {
  const desk = createCheckPointDesk({ record, wallClock: () => wall });
  const made = await desk.create({ ...SITE, origins: [], secret: SECRET, kind: 'signed', ...point }, ADMIN);
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value.point.id;
}

describe('a check on the page of another site', () => {
  const check = (draft: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${web.origin}/embed/check`, {
      method: 'POST',
      headers: { origin: CMS, authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: typeof draft === 'string' ? draft : JSON.stringify(draft),
    });

  it('answers in the words of the sender, readable by that site alone', async () => {
    const answer = await check({ text: 'Record employment again', channel: 'x' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(CMS);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('vary')).toBe('Origin');
    expect(await answer.json()).toMatchObject({
      verdict: 'hold',
      heading: 'Do not publish this before 9:30am today',
      holdUntil: '2016-01-20T09:30:00.000Z',
      sayInstead: expect.stringContaining('9:30am'),
      reasons: [{ spans: [{ start: 0, end: 17 }] }],
    });
    expect(web.service.messages).toEqual([]);
    expect(web.service.calls.at(-1)?.caller).toMatchObject({ roles: ['submitter'], address: SITE.author });
  });

  it.each([
    ['from a site that is not on the list', { origin: 'https://elsewhere.example' }, 401],
    ['from no site at all', { origin: 'null' }, 401],
    ['with another token', { authorization: 'Bearer holdfast_check_other' }, 401],
    ['with a token of the API', { authorization: 'Bearer token-submitter' }, 401],
    ['without a token', { authorization: '' }, 401],
  ])('is refused %s', async (_what, headers, status) => {
    const answer = await check({ text: 'Record employment' }, headers);
    expect(answer.status).toBe(status);
    expect(web.service.calls).toEqual([]);
    if ('origin' in headers) expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['no JSON', '{', 400],
    ['an empty draft', { text: ' ' }, 422],
    ['more than words', { text: 'a', attachments: [] }, 422],
    ['a time without its offset', { text: 'a', publishAt: '2016-01-20T09:30' }, 422],
    ['a draft that is too long', { text: 'a'.repeat(20_001) }, 422],
  ])('refuses %s with what to do', async (_what, draft, status) => {
    const answer = await check(draft);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { detail: string }).detail).not.toBe('');
  });

  it('is announced to the browser for the sites of the list alone', async () => {
    const ask = (origin: string) =>
      fetch(`${web.origin}/embed/check`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await ask(CMS);
    expect([allowed.status, allowed.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'authorization, content-type',
    ]);
    const refused = await ask('https://elsewhere.example');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(refused.headers.get('access-control-allow-methods')).toBeNull();
  });

  it('ends when its point is ended, and its token opens nothing else', async () => {
    const api = await fetch(`${web.origin}/v1/messages`, { headers: { authorization: `Bearer ${token}` } });
    expect(api.status).toBe(401);
    await record.revoke(record.kept[0]?.point.id ?? '');
    expect((await check({ text: 'a' })).status).toBe(401);
  });

  it('is served as a script that any site may load and that asks nobody else', async () => {
    const answer = await fetch(`${web.origin}/embed/holdfast-check.js`);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(answer.headers.get('content-type')).toContain('text/javascript');
    const script = await answer.text();
    expect(script.match(/https?:\/\/(?!HOLDFAST)[^\s'"`]+/g)).toBeNull();
    expect(script).not.toContain('innerHTML');
  });
});

describe('a check in a chat', () => {
  const signed = (text: string, at = wall) => {
    const time = String(Math.floor(at / 1000));
    return {
      'x-holdfast-timestamp': time,
      'x-holdfast-signature': `v1=${createHmac('sha256', SECRET).update(`${time}.${text}`).digest('hex')}`,
    };
  };
  const call = (id: string, body: string, headers: Readonly<Record<string, string>>) =>
    fetch(`${web.origin}/hooks/${id}`, { method: 'POST', headers, body });

  it('answers a signed call once, and refuses it when it comes again', async () => {
    const id = await make({});
    const body = JSON.stringify({ text: 'Record employment' });
    const headers = signed(body);
    const first = await call(id, body, headers);
    expect([first.status, await first.json()]).toEqual([
      200,
      expect.objectContaining({ verdict: 'hold', text: expect.stringMatching(/^✕ Do not publish this before 9:30am/) }),
    ]);
    const again = await call(id, body, headers);
    expect([again.status, await again.json()]).toEqual([
      409,
      expect.objectContaining({ detail: 'This call came before: each is answered once.' }),
    ]);
    expect(web.service.calls.filter(({ name }) => name === 'checkDraft')).toHaveLength(1);
  });

  it('answers a Slack slash command to the asker alone', async () => {
    const id = await make({ kind: 'slack' });
    const body = new URLSearchParams({ command: '/holdfast', text: 'Record employment &amp; more' }).toString();
    const time = String(Math.floor(wall / 1000));
    const answer = await call(id, body, {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${createHmac('sha256', SECRET).update(`v0:${time}:${body}`).digest('hex')}`,
    });
    expect(await answer.json()).toEqual({
      response_type: 'ephemeral',
      text: expect.stringContaining('What you can say now'),
    });
  });

  it('answers a Teams mention, whatever its HTML', async () => {
    const secret = Buffer.from(SECRET.padEnd(32, '.')).toString('base64');
    const id = await make({ kind: 'teams', secret });
    const text = '<p><at>Holdfast</at>&nbsp;Record <b>employment</b></p>';
    const body = JSON.stringify({ type: 'message', text, timestamp: new Date(wall).toISOString() });
    const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(body).digest('base64');
    const answer = await call(id, body, { authorization: `HMAC ${mac}` });
    expect(await answer.json()).toMatchObject({ type: 'message', text: expect.stringContaining('Do not publish') });
  });

  it.each([
    [
      '<p><at>Holdfast</at>&nbsp;Employment <img alt="📈" itemtype="http://schema.skype.com/Emoji"></p>',
      'Employment 📈',
    ],
    ['<at>Holdfast</at> We&rsquo;re up &#163;5m &#8209; &ldquo;record&rdquo;', 'We’re up £5m \u2011 “record”'],
    ['<div><at>Holdfast</at> One</div><div>Two&lt;b&gt;<br>Three</div>', 'One\nTwo<b>\nThree'],
  ])('reads %s as a person in Teams does', (html, text) => {
    const body = Buffer.from(JSON.stringify({ type: 'message', text: html }));
    expect(CHAT_DIALECTS.teams.ask(body)).toMatchObject({ kind: 'draft', draft: { text } });
  });

  it('says how to ask where nothing was asked', async () => {
    const id = await make({ kind: 'slack' });
    const time = String(Math.floor(wall / 1000));
    const sign = (body: string) => ({
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${createHmac('sha256', SECRET).update(`v0:${time}:${body}`).digest('hex')}`,
    });
    expect(await (await call(id, 'text=', sign('text='))).json()).toMatchObject({
      text: expect.stringContaining('Write the draft after the command'),
    });
    expect((await call(id, 'ssl_check=1', sign('ssl_check=1'))).status).toBe(200);
  });

  it.each([
    ['a wrong signature', async (id: string) => call(id, '{}', { ...signed('[]') })],
    ['no signature', async (id: string) => call(id, '{}', {})],
    ['an old time', async (id: string) => call(id, '{}', signed('{}', wall - 6 * 60_000))],
    ['an id that is not there', async () => call('point-none', '{}', signed('{}'))],
    ['the id of an embedded check', async () => call(record.kept[0]?.point.id ?? '', '{}', signed('{}'))],
  ])('refuses %s', async (_what, ask) => {
    const answer = await ask(await make({}));
    expect(answer.status).toBe(401);
    expect(web.service.calls).toEqual([]);
  });

  it('refuses a body that is too large before it reads it', async () => {
    const answer = await call(await make({}), 'a'.repeat(200_000), signed('a'));
    expect(answer.status).toBe(413);
  });
});

describe('the page of check points', () => {
  const fields = {
    kind: 'embed',
    name: 'Scheduler <b>',
    author: 'press@department.example',
    origins: CMS,
    days: '30',
    secret: '',
  };
  let visitor: Visitor;
  beforeEach(async () => {
    visitor = new Visitor(web.origin);
    await visitor.signIn('admin');
  });

  it('sets one up, shows its token once and ends it', async () => {
    const made = await visitor.post('/check-points', { ...fields, token: await visitor.tokenOf('/check-points') });
    const html = await made.text();
    const shown = /token=&quot;(holdfast_check_[\w-]{32})&quot;/.exec(html.replaceAll('"', '&quot;'))?.[1];
    expect(shown).toBe(record.kept[1]?.secret);
    expect(html).toContain('Scheduler &lt;b&gt;');
    expect(await (await visitor.get('/check-points')).text()).not.toContain(shown ?? '?');
    const id = record.kept[1]?.point.id ?? '';
    const token = await visitor.tokenOf('/check-points');
    expect((await visitor.post(`/check-points/${id}/end`, { token })).status).toBe(303);
    expect(record.kept[1]?.point.isRevoked).toBe(true);
  });

  it.each([
    [{ name: ' ' }, 'Name: give it a name'],
    [{ author: 'press' }, 'Address of the author: is not an address'],
    [{ origins: '' }, 'Sites: name at least one site'],
    [{ origins: 'http://cms.example' }, 'Sites: http://cms.example is no site'],
    [{ origins: 'https://cms.example/path' }, 'is no site'],
    [{ origins: '*' }, 'is no site'],
    [{ days: '0' }, 'Days: is not a number from 1 to 366'],
    [{ days: '9999' }, 'Days: is not a number'],
    [{ kind: 'slack', secret: 'short' }, 'Secret: has fewer than 16 characters'],
    [{ kind: 'teams', secret: 'not base64 at all!' }, 'Secret: is not base64'],
  ])('with %j says what to correct', async (wrong, message) => {
    const token = await visitor.tokenOf('/check-points');
    const answer = await visitor.post('/check-points', { ...fields, ...wrong, token });
    expect([answer.status, record.kept.length]).toEqual([422, 1]);
    expect(await answer.text()).toContain(message);
  });
});

it('gives a bookmark that hands the draft over behind the #', async () => {
  const visitor = new Visitor(web.origin);
  await visitor.signIn('admin');
  const html = await (await visitor.get('/check/elsewhere')).text();
  const script = decodeURIComponent(/href="javascript:([^"]+)"/.exec(html)?.[1] ?? '');
  expect(script).toContain(`"${web.origin}/check#"`);
  expect(script).not.toContain('check?');
});
