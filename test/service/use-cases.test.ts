import { judgeMessage } from '../../src/service/judge-message.ts';
import { silentLog } from '../../src/service/log.ts';
import type { DraftInput, Outcome } from '../../src/service/service.ts';
import { anEmbargo } from '../fakes/fake-service.ts';
import { aDatabase, type TestDatabase } from '../services/a-database.ts';
import { aCaller, aService, type TestService } from '../services/a-service.ts';

const LIFT = Date.parse('2016-01-20T09:30:00Z');
const envelope = { from: 'press@department.example', to: ['news@paper.example'] };
const submitter = aCaller(['submitter']);
const reviewer = aCaller(['reviewer']);
const cleared = aCaller(['reviewer'], 'analyst@department.example', 'user:cleared');
const gateway = aCaller(['submitter', 'reviewer', 'registrar'], null, 'token:first');

let database: TestDatabase;
let house: TestService;

beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query('truncate message cascade');
  house = aService(database);
});

const mail = (text: string) =>
  Buffer.from(`Subject: The figures\r\nMessage-ID: <7@department.example>\r\n\r\n${text}\r\n`);

function aDraft(change: Partial<DraftInput> = {}): DraftInput {
  return {
    text: 'record employment!',
    channel: 'x',
    publishAt: null,
    author: 'press@department.example',
    recipients: [],
    attachments: [],
    ...change,
  };
}

function granted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.kind}: ${outcome.refusal.message}`);
  return outcome.value;
}

async function received(text: string): Promise<string> {
  const { id } = granted(await house.service.receive({ content: mail(text), envelope }));
  await judge(id);
  return id;
}

function judge(id: string) {
  const { engines, store } = house;
  return judgeMessage(id, `w/${Math.random()}`, {
    store: store.messages,
    engine: () => engines.current(),
    now: () => house.now,
    log: silentLog,
  });
}

const refusal = (kind: string) => ({ ok: false, refusal: expect.objectContaining({ kind }) });

describe('receive', () => {
  it('has the mail in the store and its id on the way to a worker', async () => {
    const { id } = granted(
      await house.service.receive({ content: mail('hello'), envelope, transport: { body: '8BITMIME' } }),
    );
    expect(house.hints).toEqual([{ kind: 'take', id }]);
    expect(await house.store.messages.find(id)).toMatchObject({
      state: 'received',
      messageId: '<7@department.example>',
    });
  });

  it('takes nothing that cannot be judged', async () => {
    house.problems = ['rules: none'];
    expect(await house.service.receive({ content: mail('hello'), envelope })).toMatchObject(refusal('not-ready'));
    expect(await house.store.messages.list({ limit: 1 })).toEqual([]);
  });
});

describe('submit', () => {
  it.each([
    ['hello', 'pass', 'cleared', null],
    ['record employment', 'hold', 'held', LIFT],
    ['record employment and an encrypted part', 'hold', 'held', null],
  ])('judges %j at once: %s', async (text, verdict, state, holdUntil) => {
    const view = granted(await house.service.submitMessage(mail(text), envelope, submitter));
    expect(view).toMatchObject({
      verdict,
      state,
      holdUntil,
      subject: 'The figures',
      messageId: '<7@department.example>',
    });
    expect(house.hints).toEqual(verdict === 'hold' ? [] : [{ kind: 'deliver', id: view.id }]);
  });

  it("answers in the sender's view, which does not depend on the figure", async () => {
    const hit = granted(await house.service.submitDraft(aDraft({ text: 'so 74.0 it is' }), gateway));
    const miss = granted(await house.service.submitDraft(aDraft({ text: 'so record employment it is' }), gateway));
    expect(Object.keys(hit.findings[0] ?? {}).sort()).toEqual(Object.keys(miss.findings[0] ?? {}).sort());
    expect(JSON.stringify(hit)).not.toMatch(/Equals|insight/);
    expect(hit.findings[0]?.span).toEqual({ start: 3, end: 7 });
  });

  it.each([
    [null, 'hold'],
    [LIFT - 1, 'hold'],
    [LIFT, 'pass'],
    [LIFT - 86_400_000, 'hold'],
  ])('judges a draft by when it becomes visible: %s is %s', async (publishAt, verdict) => {
    expect(granted(await house.service.submitDraft(aDraft({ publishAt }), submitter)).verdict).toBe(verdict);
    expect(granted(await house.service.checkDraft(aDraft({ publishAt }), submitter)).verdict).toBe(verdict);
  });

  it('keeps nothing of a draft that is only checked', async () => {
    await house.service.checkDraft(aDraft(), submitter);
    expect(await house.store.messages.list({ limit: 1 })).toEqual([]);
  });

  it('needs the role', async () => {
    expect(await house.service.submitMessage(mail('x'), envelope, reviewer)).toMatchObject(refusal('forbidden'));
    expect(await house.service.submitDraft(aDraft(), reviewer)).toMatchObject(refusal('forbidden'));
    expect(await house.service.checkDraft(aDraft(), reviewer)).toMatchObject(refusal('forbidden'));
  });

  it('scans attachments of a draft', async () => {
    const attachments = [{ name: 'näme "x".txt', type: 'text/plain\r\nX: y', content: Buffer.from('encrypted') }];
    const draft = aDraft({ text: 'fine', attachments });
    const view = granted(await house.service.submitDraft(draft, submitter));
    const content = Buffer.from(await house.store.messages.content(view.id)).toString('latin1');
    expect(content).toContain('application/octet-stream');
    expect(content).toContain("filename*=utf-8''n%C3%A4me%20%22x%22.txt");
    expect(content).toContain(Buffer.from('encrypted').toString('base64'));
    expect(await house.store.messages.find(view.id)).toMatchObject({ kind: 'draft', name: 'draft.eml' });
  });
});

describe('what callers see', () => {
  it('a reviewer without access sees all but spans, subject and content', async () => {
    const id = await received('record employment');
    const view = granted(await house.service.viewMessage(id, reviewer));
    expect(view).toMatchObject({ id, state: 'held', verdict: 'hold', envelope, subject: null, mayReveal: false });
    expect(view.findings).toEqual([expect.objectContaining({ entry: 'labour-market-2016-01', span: null })]);
    expect(await house.service.revealMessage(id, reviewer)).toMatchObject(refusal('forbidden'));
    expect(await house.service.revealMessage(id, gateway)).toMatchObject(refusal('forbidden'));
  });

  it('a reviewer with access sees the rest, and opening it is audited', async () => {
    const id = await received('so 74.0 it is');
    const { message, opened } = granted(await house.service.revealMessage(id, cleared));
    expect(message).toMatchObject({
      subject: 'The figures',
      mayReveal: true,
      findings: [{ insight: 'Equals the figure.' }],
    });
    expect(opened.parts[0]?.content).toMatchObject({ text: expect.stringContaining('74.0') });
    const rows = await house.store.audit.list({ limit: 10, target: id });
    expect(rows).toEqual([
      expect.objectContaining({
        actor: 'user:cleared',
        action: 'message.revealed',
        detail: { entries: ['labour-market-2016-01'] },
      }),
    ]);
  });

  it('while nothing can be judged nobody is taken to have access', async () => {
    const id = await received('so 74.0 it is');
    house.problems = ['rules: none'];
    const view = granted(await house.service.viewMessage(id, cleared));
    expect(view).toMatchObject({ subject: null, mayReveal: false });
    expect(JSON.stringify(view)).not.toMatch(/insight/);
    expect(view.findings[0]?.span).toBeNull();
  });

  it('a submitter sees its own messages and no others', async () => {
    const other = await received('record employment');
    const own = granted(await house.service.submitDraft(aDraft(), submitter));
    expect(await house.service.viewMessage(other, submitter)).toMatchObject(refusal('not-found'));
    expect(granted(await house.service.listMessages({ limit: 10 }, submitter)).items.map(({ id }) => id)).toEqual([
      own.id,
    ]);
    expect(await house.service.listMessages({ limit: 10 }, aCaller(['registrar']))).toMatchObject(refusal('forbidden'));
  });

  it('lists page by page, newest first, by state', async () => {
    const held = [
      await received('record employment'),
      await received('record employment'),
      await received('record employment'),
    ];
    await received('hello');
    const first = granted(await house.service.listMessages({ state: 'held', limit: 2 }, reviewer));
    const second = granted(
      await house.service.listMessages({ state: 'held', limit: 2, after: first.next ?? '' }, reviewer),
    );
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(held.reverse());
    expect(second.next).toBeNull();
  });

  it('are not gone on with from a place that is none', async () => {
    for (const after of ['zzz', "' or 1=1"]) {
      const answer = await house.service.listMessages({ limit: 2, after }, reviewer);
      expect(answer).toMatchObject({ ok: false, refusal: { kind: 'malformed-request' } });
    }
  });
});

describe('decisions', () => {
  const release = { action: 'release', reason: 'checked' } as const;

  it('release a held message once, also by a machine without an address', async () => {
    const id = await received('record employment');
    const outcomes = await Promise.all([1, 2, 3].map(() => house.service.decideMessage(id, release, gateway)));
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([refusal('conflict'), refusal('conflict')]);
    expect(house.hints).toContainEqual({ kind: 'deliver', id });
    expect(await house.store.messages.claimForDelivery(id, 'd', 1000)).not.toBeNull();
  });

  it.each([
    ['no reason', { action: 'release', reason: '  ' } as const, reviewer, 'invalid'],
    ['no role', release, submitter, 'forbidden'],
  ])('are refused for %s', async (_why, decision, caller, kind) => {
    const id = await received('record employment');
    expect(await house.service.decideMessage(id, decision, caller)).toMatchObject(refusal(kind));
    expect((await house.store.messages.find(id))?.state).toBe('held');
  });

  it('on what is not held or not there are refused', async () => {
    const id = await received('hello');
    expect(await house.service.decideMessage(id, release, reviewer)).toMatchObject(refusal('conflict'));
    expect(await house.service.decideMessage('none', release, reviewer)).toMatchObject(refusal('not-found'));
  });

  it.each([
    ['TENANCYCODE', /never lift/],
    ['record employment TENANCYCODE', /never lift/],
    ['encrypted', /no embargo holds/],
  ])('to release %j at the lift are refused', async (text, message) => {
    const id = await received(text);
    const outcome = await house.service.decideMessage(id, { action: 'release-at-lift', reason: 'ok' }, reviewer);
    expect(outcome).toMatchObject({
      ok: false,
      refusal: { kind: 'conflict', message: expect.stringMatching(message) },
    });
  });
});

describe('the lift', () => {
  async function sweep(): Promise<void> {
    for (const job of await house.store.messages.pending(house.now, 100, ['scan'])) await judge(job.id);
  }
  const stateOf = async (id: string) => (await house.store.messages.find(id))?.state;

  it('lets go what only the embargo held, and nothing else', async () => {
    const embargoed = await received('record employment');
    const records = await received('record employment TENANCYCODE');
    const both = await received('record employment encrypted');
    const rejected = await received('record employment');
    await house.service.decideMessage(rejected, { action: 'reject', reason: 'no' }, reviewer);
    house.now = LIFT - 1;
    await sweep();
    expect(await stateOf(embargoed)).toBe('held');
    house.now = LIFT;
    await sweep();
    expect([await stateOf(embargoed), await stateOf(records), await stateOf(both), await stateOf(rejected)]).toEqual([
      'cleared',
      'held',
      'held',
      'rejected',
    ]);
  });

  it('releases what a reviewer said may go then, other reasons or not', async () => {
    const id = await received('record employment encrypted');
    granted(await house.service.decideMessage(id, { action: 'release-at-lift', reason: 'opened by hand' }, reviewer));
    house.now = LIFT;
    await sweep();
    expect(await stateOf(id)).toBe('released');
  });

  it('that is postponed keeps everything, and the new lift counts', async () => {
    const plain = await received('record employment');
    const decided = await received('record employment encrypted');
    granted(await house.service.decideMessage(decided, { action: 'release-at-lift', reason: 'ok' }, reviewer));
    house.embargoes = [anEmbargo({ status: 'postponed' })];
    house.now = LIFT;
    await sweep();
    expect([await stateOf(plain), await stateOf(decided)]).toEqual(['held', 'held']);
    house.now = LIFT + 86_400_000;
    await sweep();
    expect([await stateOf(plain), await stateOf(decided)]).toEqual(['held', 'held']);
    house.embargoes = [anEmbargo({ until: LIFT + 2 * 86_400_000 })];
    await database.pool.query(`update message set judge_again = true where state = 'held'`);
    await sweep();
    expect(await house.store.messages.find(plain)).toMatchObject({
      state: 'held',
      judgement: { holdUntil: LIFT + 2 * 86_400_000 },
    });
    house.now = LIFT + 2 * 86_400_000;
    await sweep();
    expect([await stateOf(plain), await stateOf(decided)]).toEqual(['cleared', 'released']);
  });
});

describe('failure', () => {
  it('of the engine holds nothing back from being tried again, and lets nothing out', async () => {
    house.failing = true;
    const { id } = granted(await house.service.receive({ content: mail('hello'), envelope }));
    await judge(id);
    expect(await house.store.messages.find(id)).toMatchObject({ state: 'received', judgement: null });
    house.failing = false;
    await database.pool.query('update message set next_attempt_at = now()');
    await judge(id);
    expect(await house.store.messages.find(id)).toMatchObject({ state: 'cleared' });
  });
});

describe('registers', () => {
  const registrar = aCaller(['registrar']);
  const entry = {
    id: 'core-2017',
    title: 'CORE lettings',
    owner: 'core.team@department.example',
    columns: ['TENANCYCODE'],
    allowedRecipients: ['analyst@department.example'],
  };

  it('are changed by a registrar, audited', async () => {
    expect(granted(await house.service.putSensitivity('core-2017', entry, registrar))).toMatchObject({
      id: 'core-2017',
    });
    expect((await house.store.registers.load()).documents.sensitivity).toContainEqual(entry);
    expect(await house.store.audit.list({ limit: 1 })).toMatchObject([
      { action: 'sensitivity.put', target: 'core-2017' },
    ]);
  });

  it.each([
    ['another id', { ...entry, id: 'other' }, /^id: is not core-2017/],
    ['an unknown key', { ...entry, colums: [] }, /colums/],
    ['a missing key', { id: 'core-2017' }, /title: this key is missing/],
    ['no object', 'x', /./],
    ['a release that is not there', { ...entry, embargo: 'nowhere' }, /^embargo: names a release that the register/],
  ])('are not changed by %s', async (_what, given, message) => {
    expect(await house.service.putSensitivity('core-2017', given, registrar)).toMatchObject({
      ok: false,
      refusal: { kind: 'invalid', message: expect.stringMatching(message) },
    });
  });

  it('are not changed without the role', async () => {
    expect(await house.service.putSensitivity('core-2017', entry, reviewer)).toMatchObject(refusal('forbidden'));
    expect(await house.service.putEmbargo('core-2017', entry, submitter)).toMatchObject(refusal('forbidden'));
    expect(await house.service.registers(submitter)).toMatchObject(refusal('forbidden'));
  });
});

it('is not ready while the engine or the store is not', async () => {
  expect(await house.service.readiness()).toEqual([]);
  house.problems = ['rules: none'];
  expect(await house.service.readiness()).toEqual(['rules: none']);
});
