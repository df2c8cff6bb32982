import { toCsv } from '../src/web/pages/audit-pages.ts';
import { aCaller } from './fakes/fake-accounts.ts';
import { aFinding, FAKE_LIFT, FAKE_NOW, type FakeMessage } from './fakes/fake-service.ts';
import { type RunningWeb, startWeb, tokenIn, Visitor } from './fakes/start-web.ts';

let web: RunningWeb;
let visitor: Visitor;
beforeEach(async () => {
  web = await startWeb();
  visitor = new Visitor(web.origin);
});
afterEach(() => web.close());

/** What the cheat sheets try, in every place that a sender writes. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</textarea><svg onload=alert(1)>',
  '{{ constructor.constructor("alert(1)")() }}',
  '</title><script>alert(1)</script>',
  'javascript:alert(1)',
  'a\u202etxt.exe',
];

function heldMail(change: Partial<FakeMessage['view']> = {}, text = 'Record employment!'): FakeMessage {
  return {
    view: {
      id: 'mail-1',
      kind: 'email',
      state: 'held',
      verdict: 'hold',
      holdUntil: FAKE_LIFT,
      effectiveAt: FAKE_NOW,
      receivedAt: FAKE_NOW - 8 * 60_000,
      envelope: { from: 'officer@department.example', to: ['a@press.example', 'analyst@department.example'] },
      messageId: null,
      subject: 'Statistics today',
      findings: [aFinding(0, 17)],
      incomplete: [],
      mayReveal: true,
      ...change,
    },
    opened: {
      headers: null,
      parts: [{ path: 'body', type: 'text/plain', bytes: text.length, content: { kind: 'text', role: 'body', text } }],
    },
  };
}

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('signing in', () => {
  it('leads to the page that was asked for, with a new session in a locked-down cookie', async () => {
    const asked = await visitor.get('/review?after=x');
    expect(asked.headers.get('location')).toBe('/sign-in?next=%2Freview%3Fafter%3Dx');
    const form = await (await visitor.get('/sign-in?next=%2Freview%3Fafter%3Dx')).text();
    visitor.cookies.set('holdfast', 'planted-by-somebody');
    const fields = { name: 'admin', password: 'correct horse', token: tokenIn(form), next: '/review?after=x' };
    const answer = await visitor.post('/sign-in', fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/review?after=x']);
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('holdfast=')) ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain('planted');
  });

  it('behind HTTPS sets a cookie that only this host gets, over HTTPS', async () => {
    const https = { 'x-forwarded-proto': 'https' };
    const form = await visitor.get('/sign-in', https);
    expect(form.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
    const fields = { name: 'admin', password: 'correct horse', token: tokenIn(await form.text()) };
    const answer = await visitor.post('/sign-in', fields, https);
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-holdfast=session-key-1; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
  });

  it.each([
    ['a wrong password', 'admin'],
    ['an unknown name', 'nobody'],
  ])('with %s says the same', async (_what, name) => {
    const token = await visitor.tokenOf('/sign-in');
    const answer = await visitor.post('/sign-in', { name, password: 'wrong', token });
    expect(answer.status).toBe(401);
    expect(textOf(await answer.text())).toContain('The name or the password is not right.');
    expect(visitor.cookies.has('holdfast')).toBe(false);
  });

  it('pauses after too many wrong passwords, even for the right one, and then goes on', async () => {
    await web.close();
    let now = 0;
    web = await startWeb({ limits: { signInFailures: 3, signInPauseMs: 60_000 }, monotonic: () => now });
    visitor = new Visitor(web.origin);
    const attempt = async (name: string, password: string) =>
      (await visitor.post('/sign-in', { name, password, token: await visitor.tokenOf('/sign-in') })).status;
    for (let time = 0; time < 3; time += 1) expect(await attempt('admin', 'wrong')).toBe(401);
    expect(await attempt('admin', 'correct horse')).toBe(429);
    expect(await attempt('officer', 'correct horse')).toBe(303);
    now += 60_001;
    expect(await attempt('admin', 'correct horse')).toBe(303);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
  ])('does not lead on to %s', async (next) => {
    const token = await visitor.tokenOf('/sign-in');
    const answer = await visitor.post('/sign-in', { name: 'admin', password: 'correct horse', token, next });
    const target = new URL(answer.headers.get('location') ?? '', web.origin);
    expect([answer.status, target.origin]).toEqual([303, web.origin]);
  });

  it('ends the session on signing out', async () => {
    await visitor.signIn('admin');
    const cookies = new Map(visitor.cookies);
    await visitor.post('/sign-out', { token: await visitor.tokenOf('/check') });
    expect((await visitor.get('/check')).status).toBe(303);
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    expect((await visitor.get('/check')).status).toBe(303);
  });
});

describe('a forged form', () => {
  beforeEach(async () => {
    web.service.add(heldMail());
    await visitor.signIn('admin');
  });
  const decision = { action: 'release', reason: 'because' };

  it.each([
    ['no token', async () => ({ ...decision }), {}],
    [
      'the token of another session',
      async () => {
        const other = new Visitor(web.origin);
        await other.signIn('reviewer');
        return { ...decision, token: await other.tokenOf('/review') };
      },
      {},
    ],
    [
      'a page of another site',
      async () => ({ ...decision, token: await visitor.tokenOf('/review') }),
      { origin: 'https://evil.example' },
    ],
    [
      'a frame of another site',
      async () => ({ ...decision, token: await visitor.tokenOf('/review') }),
      { 'sec-fetch-site': 'cross-site' },
    ],
  ])('from %s does nothing', async (_what, fields, headers) => {
    const answer = await visitor.post('/review/mail-1/decision', await fields(), headers as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(web.service.calls.map(({ name }) => name)).not.toContain('decideMessage');
  });
});

describe('checking a draft without script', () => {
  beforeEach(async () => {
    await visitor.signIn('officer');
  });
  const check = async (fields: Readonly<Record<string, string>>) => {
    const form = new FormData();
    form.set('token', await visitor.tokenOf('/check'));
    for (const [name, value] of Object.entries({ channel: 'x', day: '', time: '', recipients: '', ...fields }))
      form.set(name, value);
    return visitor.postForm('/check', form);
  };

  it('marks the words, says why, when it is safe and what can be said now', async () => {
    const html = await (await check({ text: 'Great: record employment 📈' })).text();
    expect(html).toContain('<mark class="mark">record employment</mark>');
    const words = textOf(html);
    expect(words).toContain('Do not publish this before 9:30am today');
    expect(words).toContain('safe from 9:30am on Wednesday 20 January 2016');
    expect(words).toContain('What you can say now');
    expect(web.service.messages).toHaveLength(0);
  });

  it('says as clearly that a text is safe', async () => {
    const html = await (await check({ text: 'Out at 9:30 today.' })).text();
    expect(textOf(html)).toContain('You can publish this now');
    expect(html).not.toContain('<mark');
  });

  it('judges at the planned time', async () => {
    const words = textOf(await (await check({ text: 'Record employment', day: '2016-01-20', time: '09:30' })).text());
    expect(words).toContain('You can publish this at 9:30am today');
  });

  it.each([
    ['no text', { text: ' ' }, 'Enter the text that you want to publish'],
    ['a day without a time', { text: 'a', day: '2016-01-20' }, 'Enter the time as well'],
    ['an hour that is left out', { text: 'a', day: '2016-03-27', time: '01:30' }, '01:30 does not exist'],
    ['a channel nobody knows', { text: 'a', channel: 'pigeon' }, 'Choose where it will appear'],
    ['a recipient that is no address', { text: 'a', recipients: 'everybody' }, 'everybody is not an e-mail address'],
  ])('with %s says what to correct and keeps the rest', async (_what, fields, message) => {
    const answer = await check(fields);
    expect(answer.status).toBe(422);
    expect(textOf(await answer.text())).toContain(message);
  });

  it('opens files with the text', async () => {
    const form = new FormData();
    form.set('token', await visitor.tokenOf('/check'));
    form.set('text', 'see the file');
    form.set('files', new Blob(['a,b\n1,2']), 'table.csv');
    expect((await visitor.postForm('/check', form)).status).toBe(200);
  });

  it('starts from a link with the text in it', async () => {
    const html = await (
      await visitor.get(`/check?text=${encodeURIComponent('Record <b>employment</b>')}&channel=press`)
    ).text();
    expect(html).toContain('Record &lt;b&gt;employment&lt;/b&gt;</textarea>');
    expect(html).toContain('<option value="press" selected>');
  });

  it('shows hostile text as text', async () => {
    for (const text of HOSTILE) {
      const html = await (await check({ text: `record employment ${text}` })).text();
      expect(html).not.toMatch(/<script>|<img|<svg|onerror=alert\(1\)>|\u202e(?!txt\.exe\s*<\/textarea>)/);
    }
  });
});

describe('reviewing without script', () => {
  beforeEach(async () => {
    await visitor.signIn('reviewer');
  });

  it('lists what is held, with the reason and the time to the lift', async () => {
    web.service.add(heldMail());
    const words = textOf(await (await visitor.get('/review')).text());
    expect(words).toMatch(/Held messages Held Released Rejected/);
    expect(words).toMatch(/Statistics today From officer@department\.example to 2 recipients/);
    expect(words).toContain('8 minutes In 15 minutes 9:30am');
  });

  it('goes through the pages of a long list', async () => {
    for (let index = 1; index <= 60; index += 1)
      web.service.add(heldMail({ id: `mail-${index}`, subject: `Mail ${index}` }));
    const seen = new Set<string>();
    let path = '/review';
    for (let step = 0; step < 3; step += 1) {
      const html = await (await visitor.get(path)).text();
      for (const [, id = ''] of html.matchAll(/href="\/review\/([^"]+)"/g)) seen.add(id);
      path = /href="(\/review\?state=held&amp;after=[^"]+)"/.exec(html)?.[1]?.replace('&amp;', '&') ?? '';
    }
    expect([seen.size, path]).toEqual([60, '']);
  });

  it('shows content only when it is asked for, as an act of its own', async () => {
    web.service.add(heldMail());
    const before = await (await visitor.get('/review/mail-1')).text();
    expect(before).not.toContain('Record employment!');
    expect(web.service.calls.map(({ name }) => name)).not.toContain('revealMessage');
    const after = await (await visitor.post('/review/mail-1/reveal', { token: tokenIn(before) })).text();
    expect(after).toContain('<mark class="mark">Record employment</mark>');
    expect(web.service.calls.map(({ name }) => name)).toContain('revealMessage');
    expect((await visitor.get('/review/mail-1/reveal')).status).toBe(404);
  });

  it('shows what the columns of a table were taken for, and nothing of what they hold', async () => {
    const path = 'core.csv';
    const mail = heldMail({ findings: [aFinding(0, 0, { path, span: null, detector: 'record-level' })] });
    const sample = [
      ['HOME', 'BEDS'],
      ['LS1 4AB', '3'],
    ];
    const table = { name: '', rows: 2, columns: 2, header: [], hidden: false, sample, profiles: [] };
    const part = { path, type: 'text/csv', bytes: 9, content: { kind: 'table', table, text: 'x' } } as const;
    web.service.add({ ...mail, opened: { headers: null, parts: [part] } });
    const column = { number: 1, kind: 'unit postcodes', points: 30, distinct: 256, shapes: ['AA9 9AA'] };
    const plain = { number: 2, name: 'BEDS', kind: null, points: 0, filled: 1, distinct: 4, shapes: ['9'] };
    web.service.columns = new Map([[path, [{ ...column, name: 'HOME <b>', filled: 0.5 }, plain]]]);
    const html = await (
      await visitor.post('/review/mail-1/reveal', { token: await visitor.tokenOf('/review') })
    ).text();
    const shown = /What its columns were taken for[\s\S]*?<\/table>/.exec(html)?.[0] ?? '';
    expect(textOf(shown)).toMatch(/HOME &lt;b&gt; unit postcodes AA9 9AA 256 or more/);
    expect(shown).toContain('aria-label="50 per cent"');
    expect(shown).not.toMatch(/<b>|BEDS|LS1/);
  });

  it('is useful but blind without access', async () => {
    web.service.add(heldMail({ subject: null, mayReveal: false, findings: [aFinding(0, 1, { span: null })] }));
    const html = await (await visitor.get('/review/mail-1')).text();
    expect(textOf(html)).toContain('You do not have access to UK Labour Market, January 2016');
    expect(html).not.toContain('/reveal');
    expect(html).toContain('Release now');
  });

  it.each([
    ['release', 'Released. It goes out now.', 'released'],
    ['reject', 'Rejected. It will not be sent.', 'rejected'],
    ['release-at-lift', 'It will be judged again at the lift', 'held'],
  ])('can %s with a reason', async (action, message, state) => {
    web.service.add(heldMail());
    const answer = await visitor.post('/review/mail-1/decision', {
      token: await visitor.tokenOf('/review'),
      action,
      reason: 'Public by now.',
    });
    expect(answer.status).toBe(303);
    expect(textOf(await (await visitor.get(answer.headers.get('location') ?? '')).text())).toContain(message);
    expect(web.service.messages[0]?.view.state).toBe(state);
  });

  it('shows who did what with it before', async () => {
    web.service.add(heldMail());
    const act = { seq: 1, at: FAKE_NOW, actor: 'user:1', target: 'mail-1' };
    web.service.acts.push({
      ...act,
      actorName: 'Chief reviewer',
      action: 'message.release-at-lift',
      detail: { reason: 'Wait.' },
    });
    const words = textOf(await (await visitor.get('/review/mail-1')).text());
    expect(words).toContain(
      'History Chief reviewer set it to go at the lift: Wait. 9:15am on Wednesday 20 January 2016',
    );
  });

  it('asks for what is missing before it decides', async () => {
    web.service.add(heldMail());
    const answer = await visitor.post('/review/mail-1/decision', {
      token: await visitor.tokenOf('/review'),
      reason: ' ',
    });
    const words = textOf(await answer.text());
    expect(answer.status).toBe(422);
    expect(words).toContain('Choose what happens to the message');
    expect(words).toContain('Say why, in a sentence');
    expect(web.service.messages[0]?.view.state).toBe('held');
  });

  it('says so when somebody else was faster', async () => {
    web.service.add(heldMail({ state: 'rejected' }));
    const fields = { token: await visitor.tokenOf('/review'), action: 'release', reason: 'x' };
    const answer = await visitor.post('/review/mail-1/decision', fields);
    expect([answer.status, textOf(await answer.text()).includes('This message is rejected, not held.')]).toEqual([
      409,
      true,
    ]);
  });

  it('shows what a sender wrote as text, wherever it was written', async () => {
    for (const [index, hostile] of HOSTILE.entries()) {
      const id = `mail-${index}`;
      const message = heldMail(
        {
          id,
          subject: `Subject ${hostile}`,
          envelope: { from: `${hostile}@department.example`, to: [`${hostile}@press.example`] },
          findings: [aFinding(0, 3), aFinding(0, 1, { path: `${hostile}.xlsx › ${hostile}`, span: null })],
          incomplete: [{ path: `${hostile}.zip`, reason: 'encrypted' }],
        },
        `${hostile} Record employment`,
      );
      const part = { type: 'text/csv', bytes: 3, content: { kind: 'container' } } as const;
      web.service.add({
        ...message,
        opened: { headers: null, parts: [...message.opened.parts, { ...part, path: `${hostile}.xlsx` }] },
      });
      const token = await visitor.tokenOf('/review');
      const pages = [
        await visitor.get('/review'),
        await visitor.get(`/review/${id}`),
        await visitor.post(`/review/${id}/reveal`, { token }),
        await visitor.post(`/review/${id}/decision`, { token, action: hostile, reason: '' }),
      ];
      for (const answer of pages) {
        const html = await answer.text();
        expect(html).not.toMatch(/<script>|<img|<svg|href="javascript|\u202e|<\/textarea><svg/);
      }
    }
  });

  it('shows a message of 10,000 recipients and one without any', async () => {
    const to = Array.from({ length: 10_000 }, (_, index) => `person${index}@org${index % 300}.example`);
    web.service.add(heldMail({ id: 'many', envelope: { from: 'a@b.example', to } }));
    web.service.add(heldMail({ id: 'none', kind: 'draft', envelope: { from: 'a@b.example', to: [] } }));
    expect(textOf(await (await visitor.get('/review/many')).text())).toContain('10,000 people in 300 organisations');
    expect(textOf(await (await visitor.get('/review/none')).text())).toContain('The public');
  });
});

describe('every page', () => {
  it.each(['/sign-in', '/nowhere', '/check', '/review', '/registers'])(
    '%s says that the clock is a trial clock',
    async (path) => {
      await visitor.signIn('admin');
      expect(textOf(await (await visitor.get(path)).text())).toContain(
        'Trial clock: 9:15am on Wednesday 20 January 2016',
      );
    },
  );

  it('that does not exist still leads on whoever is signed in', async () => {
    await visitor.signIn('admin');
    for (const path of ['/nowhere', '/docs', '/check/']) {
      expect(textOf(await (await visitor.get(path)).text())).toContain('Held messages');
    }
  });

  it('holds no inline script or style and asks nothing of another host', async () => {
    web.service.add(heldMail());
    await visitor.signIn('admin');
    for (const path of ['/sign-in', '/check', '/review', '/review/mail-1', '/registers']) {
      const html = await (await visitor.get(path)).text();
      expect(html).not.toMatch(
        /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|(?:src|action)="https?:|<link[^>]*href="https?:/,
      );
    }
  });

  it('wears neither the crown nor the typeface of gov.uk', async () => {
    const html = await (await visitor.get('/sign-in')).text();
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const answer = await visitor.get(path);
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(await answer.text()).not.toMatch(/GDS Transport|crest|@font-face/);
    }
    expect((await visitor.get('/assets/x/..%2f..%2fcreate-web.ts')).status).toBe(404);
  });
});

describe('the registers', () => {
  beforeEach(async () => {
    await visitor.signIn('admin');
  });
  const save = async (path: string, fields: Readonly<Record<string, string>>) =>
    visitor.post(path, { token: await visitor.tokenOf('/registers'), ...fields });

  it('say in plain words and in a picture what is under embargo', async () => {
    const html = await (await visitor.get('/registers')).text();
    expect(textOf(html)).toContain('1 person may see it from 9:30am on Tuesday 19 January 2016.');
    expect(html).toContain('timeline__bar--embargoed');
  });

  it('never show a figure again', async () => {
    for (const path of [
      '/registers',
      '/registers/embargoes/labour-market-2016-01',
      '/registers/embargoes/labour-market-2016-01/edit',
    ]) {
      expect(await (await visitor.get(path)).text()).not.toContain('digest-');
    }
  });

  it('preview what was entered without saving it', async () => {
    const fields = {
      id: 'gdp',
      isNew: 'yes',
      intent: 'preview',
      fromDay: '2016-02-01',
      fromTime: '00:00',
      untilDay: '2016-02-08',
      untilTime: '09:30',
      zone: 'Europe/London',
      status: 'scheduled',
    };
    const words = textOf(await (await save('/registers/embargoes', fields)).text());
    expect(words).toContain(
      'In plain words, not saved yet Nobody outside the producer may see this before; public Mon 8 Feb 09:30.',
    );
    expect(web.service.calls.map(({ name }) => name)).not.toContain('putEmbargo');
  });

  it.each([
    ['a release', '/registers/embargoes', { id: 'gdp-2016', title: 'GDP', isNew: 'yes' }, '/registers?saved=gdp-2016'],
    ['a dataset', '/registers/datasets', { id: 'lfs-2016', title: 'LFS', isNew: 'yes' }, '/registers?saved=lfs-2016'],
  ])('take %s', async (_what, path, fields, location) => {
    const answer = await save(path, fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, location]);
    expect(textOf(await (await visitor.get(location)).text())).toContain(`Saved: ${fields.title}.`);
  });

  it.each([
    [
      'a fault that the register finds',
      '/registers/embargoes',
      { id: 'gdp-2016', isNew: 'yes' },
      'Title: is missing, name the release',
    ],
    ['an id that leads elsewhere', '/registers/embargoes', { id: '../x', title: 'x', isNew: 'yes' }, 'Id: use letters'],
    [
      'a new release under an old id',
      '/registers/embargoes',
      { id: 'labour-market-2016-01', title: 'x', isNew: 'yes' },
      'there is an entry labour-market-2016-01 already',
    ],
    [
      'a change of nothing',
      '/registers/datasets',
      { id: 'gone', title: 'x', isNew: 'no' },
      'there is no entry gone any more',
    ],
  ])('refuse %s, and keep what was typed', async (_what, path, fields, message) => {
    const answer = await save(path, { ...fields, owner: 'typed', producer: 'typed' });
    const html = await answer.text();
    expect([answer.status, textOf(html).includes(message), html.includes('value="typed"')]).toEqual([422, true, true]);
  });

  it('show hostile entries as text', async () => {
    for (const hostile of HOSTILE) {
      const answer = await save('/registers/embargoes', {
        id: 'x',
        isNew: 'yes',
        producer: hostile,
        access: hostile,
        subjects: hostile,
      });
      expect(await answer.text()).not.toMatch(/<script>|<img|<svg|<\/textarea><svg/);
    }
  });
});

describe('the audit log', () => {
  beforeEach(async () => {
    await visitor.signIn('admin');
    for (let seq = 1; seq <= 60; seq += 1) {
      const detail = { reason: seq === 60 ? '=HYPERLINK("https://evil.example")' : 'Public by now, "at last"' };
      web.service.acts.unshift({
        seq,
        at: FAKE_NOW,
        actor: 'user:1',
        actorName: 'Chief reviewer',
        action: 'message.released',
        target: `mail-${seq}`,
        detail,
      });
    }
  });

  it('tells who did what and when, a page at a time', async () => {
    const html = await (await visitor.get('/audit')).text();
    expect(textOf(html)).toMatch(/Released mail-60 No\. 60 reason: =HYPERLINK/);
    expect(html).toContain('href="/audit?before=11"');
    expect(textOf(await (await visitor.get('/audit?before=11')).text())).not.toContain('Older acts');
  });

  it('links an auditor to no page that is closed to them', async () => {
    expect(await (await visitor.get('/audit')).text()).toContain('href="/review/mail-60"');
    web.accounts.people.set('auditor', aCaller(['auditor']));
    await visitor.signIn('auditor');
    const html = await (await visitor.get('/audit')).text();
    expect(textOf(html)).toContain('Released mail-60');
    expect(html).not.toContain('/review/');
  });

  it('finds what was done with one message', async () => {
    const words = textOf(await (await visitor.get('/audit?target=mail-3')).text());
    expect(words).toContain('Released mail-3 ');
    expect(words).not.toContain('mail-4');
  });

  it.each([
    [{ ok: true, rows: 60 } as const, 'The audit log is whole'],
    [{ ok: false, seq: 12, message: 'is changed' } as const, 'At act 12: is changed. Keep the database as it is'],
  ])('says whether it is whole: %j', async (check, words) => {
    web.service.auditCheck = check;
    const answer = await visitor.post('/audit/verify', { token: await visitor.tokenOf('/audit') });
    expect(textOf(await answer.text())).toContain(words);
  });

  it('is exported without a cell that a spreadsheet would run', async () => {
    const answer = await visitor.get('/audit.csv');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="holdfast-audit.csv"');
    const [head, first] = (await answer.text()).split('\r\n');
    expect(head).toBe('"seq","at","actor","name","action","target","detail"');
    expect(first).toContain('"60","2016-01-20T09:15:00.000Z","user:1","Chief reviewer","message.released","mail-60"');
  });

  it('is never exported in part without a word', async () => {
    const { acts } = web.service;
    const kept = acts.length;
    const [act] = acts;
    if (act === undefined) throw new Error('there are no acts');
    for (let seq = 0; acts.length <= 20_000; seq -= 1) acts.push({ ...act, seq });
    const answer = await visitor.get('/audit.csv');
    acts.length = kept;
    expect([answer.status, textOf(await answer.text())]).toEqual([
      422,
      expect.stringContaining('more than 20,000 such acts'),
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '|x'])('writes the cell %j as text', (text) => {
    expect(toCsv([[text]])).toBe(`"'${text}"\r\n`);
  });
});

describe('the list of held messages', () => {
  it('is narrowed to a release and a sender, and stays so from page to page', async () => {
    await visitor.signIn('reviewer');
    for (let index = 1; index <= 40; index += 1) {
      const from = index % 2 === 0 ? 'even@department.example' : 'odd@department.example';
      web.service.add(heldMail({ id: `mail-${index}`, envelope: { from, to: ['a@b.example'] } }));
    }
    for (let index = 41; index <= 70; index += 1) {
      web.service.add(
        heldMail({ id: `mail-${index}`, envelope: { from: 'even@department.example', to: [] }, findings: [] }),
      );
    }
    const html = await (await visitor.get('/review?entry=labour-market-2016-01&sender=even')).text();
    expect([...html.matchAll(/href="\/review\/mail-/g)]).toHaveLength(20);
    const all = await (await visitor.get('/review?sender=even%40')).text();
    expect(all).toContain('&amp;sender=even%40"');
    expect(textOf(await (await visitor.get('/review?sender=nobody')).text())).toContain('Nothing here matches.');
  });
});
