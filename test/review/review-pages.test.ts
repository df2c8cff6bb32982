import { aFinding, FAKE_LIFT, FAKE_NOW } from '../fakes/fake-service.ts';
import { type RunningWeb, startWeb, Visitor } from '../fakes/start-web.ts';

let web: RunningWeb;
let visitor: Visitor;

beforeEach(async () => {
  web = await startWeb();
  visitor = new Visitor(web.origin);
  web.service.add({
    view: {
      id: 'mail-1',
      kind: 'email',
      state: 'held',
      verdict: 'hold',
      holdUntil: FAKE_LIFT,
      effectiveAt: FAKE_NOW,
      receivedAt: FAKE_NOW,
      envelope: { from: 'press@department.example', to: ['a@paper.example', 'b@paper.example'] },
      messageId: null,
      subject: 'Lines',
      findings: [aFinding(0, 6), aFinding(0, 0, { detector: 'recipients', rule: 'added', span: null })],
      incomplete: [],
      mayReveal: true,
    },
    opened: { headers: null, parts: [] },
  });
});
afterEach(() => web.close());

const wordsOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

it('is said to be set to go at the lift once somebody set it, and that is not offered again', async () => {
  await visitor.signIn('admin');
  expect(await wordsOf(await visitor.get('/review/mail-1'))).toContain('Release at the lift');
  const act = { seq: 1, at: FAKE_NOW, actor: 'user:1', actorName: 'Ann', target: 'mail-1', detail: {} } as const;
  web.service.acts.push({ ...act, action: 'message.release-at-lift' });
  const words = await wordsOf(await visitor.get('/review/mail-1'));
  expect(words).toContain('It is set to go then');
  expect(words).not.toContain('Release at the lift');
});

it.each([
  ['was found to be about nothing', [], 'What was in it is not kept any more'],
  ['is about what they have no access to', [aFinding(0, 6)], 'You do not have access to'],
])('a delivered message that %s does not blame its reader for content that is gone', async (_what, findings, words) => {
  const view = web.service.messages[0]?.view;
  if (view === undefined) throw new Error('there is no message');
  const gone = { ...view, id: 'mail-2', state: 'delivered', subject: null, findings, mayReveal: false } as const;
  web.service.add({ view: gone, opened: { headers: null, parts: [] } });
  await visitor.signIn('admin');
  const said = await wordsOf(await visitor.get('/review/mail-2'));
  expect(said).toContain(words);
  expect(said).not.toContain('You can still decide');
});

describe('a message that needs two people', () => {
  const past = { message: 'mail-1', state: 'held', at: FAKE_NOW } as const;

  it('is proposed by the first and released by the second of them', async () => {
    web.service.beside = { releasePeople: 2 };
    await visitor.signIn('admin');
    expect(await wordsOf(await visitor.get('/review/mail-1'))).toContain('Propose to release now');
    const proposal = { ...past, action: 'propose-release', who: 'Ann', reason: null, isOwn: false };
    web.service.beside = { releasePeople: 2, proposals: [proposal] };
    const words = await wordsOf(await visitor.get('/review/mail-1'));
    expect(words).toContain('Ann proposed to release it, 9:15am on Wednesday 20 January 2016.');
    expect(words).toMatch(/(?<!Propose to )Release now/);
    expect(words).toContain('Propose to release at the lift');
  });

  it.each([
    [true, 'Proposed. A second person has to agree before it may go.'],
    [false, 'It will be judged again at the lift'],
  ])('tells the first and the second of them apart after a release at the lift: own %s', async (isOwn, words) => {
    const proposal = { ...past, action: 'propose-release-at-lift', who: 'Ann', reason: null, isOwn };
    web.service.beside = { releasePeople: 2, proposals: [proposal] };
    await visitor.signIn('admin');
    expect(await wordsOf(await visitor.get('/review/mail-1?done=release-at-lift'))).toContain(words);
  });

  it('shows a reason to nobody whom the service gives none', async () => {
    const one = { ...past, message: 'mail-0', action: 'reject', who: 'Bob', reason: null };
    web.service.beside = { similar: [one, { ...one, who: 'Cara', reason: 'Too early' }] };
    await visitor.signIn('admin');
    const words = await wordsOf(await visitor.get('/review/mail-1'));
    expect(words).toContain('Bob rejected it 9:15am');
    expect(words).toContain('Cara rejected it: Too early');
  });
});

describe('several messages', () => {
  it('are none where none was chosen, and none that is not held', async () => {
    await visitor.signIn('admin');
    const token = await visitor.tokenOf('/review');
    expect(await wordsOf(await visitor.post('/review/selected', { token }))).toContain('Nothing is chosen');
    const answer = await visitor.post('/review/selected/decision', {
      token,
      id: 'nobody',
      action: 'reject',
      reason: 'x',
    });
    expect(await wordsOf(answer)).toContain('None of the chosen messages is held any more');
  });

  it.each([
    ['a record-level finding', { findings: [aFinding(0, 6, { detector: 'record-level' })] }],
    ['a part that is shut', { incomplete: [{ path: 'a.zip', reason: 'encrypted' as const }] }],
    ['no access', { mayReveal: false }],
  ])('are not released together with one that has %s, whatever the form says', async (_what, change) => {
    const [kept] = web.service.messages;
    if (kept === undefined) throw new Error('no message');
    web.service.messages[0] = { ...kept, view: { ...kept.view, ...change } };
    await visitor.signIn('admin');
    const token = await visitor.tokenOf('/review');
    const fields = { token, id: 'mail-1', action: 'release', reason: 'x' };
    expect(await wordsOf(await visitor.post('/review/selected/decision', fields))).toContain('Left as it is');
    expect(web.service.messages[0]?.view.state).toBe('held');
    await visitor.post('/review/selected/decision', { ...fields, action: 'reject' });
    expect(web.service.messages[0]?.view.state).toBe('rejected');
  });
});

describe('a false alarm', () => {
  it('is offered for what may be one, and asks for everything it needs', async () => {
    await visitor.signIn('admin');
    const html = await (await visitor.get('/review/mail-1')).text();
    expect(html.match(/href="\/review\/mail-1\/false-alarm\?finding=\d"/g)).toEqual([
      'href="/review/mail-1/false-alarm?finding=0"',
    ]);
    const token = await visitor.tokenOf('/review');
    const answer = await visitor.post('/review/mail-1/false-alarm', { token, finding: '0', days: '999' });
    expect(answer.status).toBe(422);
    expect(await wordsOf(answer)).toContain('It lasts for a year at most');
    const fields = { token, finding: '0', scope: 'any', sender: 'organisation', days: '7', reason: ' A form. ' };
    expect((await visitor.post('/review/mail-1/false-alarm', fields)).headers.get('location')).toBe(
      '/review/mail-1?done=false-alarm',
    );
    expect(web.service.deskCalls.at(-1)?.input).toEqual({
      message: 'mail-1',
      finding: 0,
      anyEntry: true,
      sender: 'organisation',
      days: 7,
      reason: 'A form.',
    });
  });
});

describe('the audit log', () => {
  it('is searched by act, person and day, and stays so from page to page and in its export', async () => {
    const act = { at: FAKE_NOW, actor: '=cmd|calc', actorName: '+Ann', target: '@mail', detail: { reason: '-1' } };
    for (let seq = 1; seq <= 60; seq += 1) web.service.acts.unshift({ ...act, seq, action: 'message.rejected' });
    await visitor.signIn('admin');
    const query = 'actor=%3Dcmd%7Ccalc&action=message.rejected&from=2016-01-20&to=2016-01-20';
    const html = await (await visitor.get(`/audit?${query}`)).text();
    expect(html).toContain(
      `/audit?before=11&amp;actor=%3Dcmd%7Ccalc&amp;action=message.rejected&amp;from=2016-01-20&amp;to=2016-01-20`,
    );
    expect(html).toContain('/audit.csv?actor=%3Dcmd%7Ccalc&amp;action=message.rejected');
    const csv = await (await visitor.get(`/audit.csv?${query}`)).text();
    expect(csv.split('\r\n')).toHaveLength(62);
    expect(csv).toContain(`"'=cmd|calc","'+Ann","message.rejected","'@mail"`);
    expect(await wordsOf(await visitor.get('/audit?action=session.opened'))).toContain('Nothing like it was done.');
  });
});
