import { simpleParser } from 'mailparser';
import { loadRuleFolder, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { makeOpener } from '../src/cli/make-opener.ts';
import { SHIPPED_NOTICES } from '../src/cli/open-notices.ts';
import { memorySource, readAll } from '../src/core/byte-source.ts';
import { detectors } from '../src/detect/index.ts';
import { releaseOfEverySubject } from '../src/scan/evaluate-set.ts';
import { createEngine } from '../src/scan/scan-message.ts';
import { silentLog } from '../src/service/log.ts';
import { newMessageId } from '../src/service/message-id.ts';
import { noticeMail } from '../src/service/notices/notice-mail.ts';
import { fillNotice, NOTICE_NAMES, NOTICE_WORDS } from '../src/service/notices/notice-template.ts';
import { type NoticeSettings, tellPeople } from '../src/service/notices/tell-people.ts';
import { readNoticeTemplates } from '../src/store/read-notice-templates.ts';
import { anEmbargo, FAKE_NOW } from './fakes/fake-service.ts';
import { aDatabase, type TestDatabase } from './services/a-database.ts';
import { aCaller, aService, type TestService } from './services/a-service.ts';

const loaded = readNoticeTemplates(null, SHIPPED_NOTICES);
if (!loaded.ok) throw new Error('the templates that ship do not load');
const templates = loaded.value;

const SETTINGS: NoticeSettings = {
  from: 'holdfast@department.example',
  domains: ['department.example'],
  publicUrl: 'https://holdfast.department.example',
  digestHour: 8,
};
const SUBMITTER = aCaller(['submitter'], 'officer@department.example', 'user:submitter');
const REVIEWER = aCaller(['reviewer'], 'analyst@department.example', 'user:reviewer');

let database: TestDatabase;
let trial: TestService;
/** When digests think it is. */
let wall: number;

beforeAll(async () => {
  database = await aDatabase();
  trial = aService(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query(
    'truncate message, app_user cascade; update notice_pace set reviewers_at = null, digest_day = null',
  );
  trial.now = FAKE_NOW;
  wall = Date.parse('2016-01-20T03:00:00Z');
});

const tell = (settings: Partial<NoticeSettings> = {}) =>
  tellPeople({
    record: trial.store.notices,
    templates,
    settings: { ...SETTINGS, ...settings },
    queue: { add: async () => {} },
    now: () => trial.now,
    wallClock: () => wall,
    newId: () => newMessageId(),
    host: 'gateway.example',
    log: silentLog,
  });

async function submit(text: string, from = 'officer@department.example', kind: 'email' | 'draft' = 'email') {
  const head = `From: ${from}\r\nSubject: Secret subject\r\nMessage-ID: <one@department.example>\r\n\r\n`;
  const outcome =
    kind === 'email'
      ? await trial.service.submitMessage(
          Buffer.from(`${head}${text}\r\n`),
          { from, to: ['a@news.example'] },
          SUBMITTER,
        )
      : await trial.service.submitDraft(
          { text, channel: 'x', publishAt: null, author: from, recipients: [], attachments: [] },
          SUBMITTER,
        );
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value.id;
}

async function sent(): Promise<readonly { to: string; raw: string; subject: string; text: string }[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from message where submitted_by = 'holdfast:notice' order by id`,
  );
  return Promise.all(
    rows.map(async ({ id }) => {
      const raw = Buffer.from(await trial.store.messages.content(id)).toString('utf8');
      const found = await trial.store.messages.find(id);
      const mail = await simpleParser(raw);
      return { to: found?.envelope.to.join() ?? '', raw, subject: mail.subject ?? '', text: mail.text ?? '' };
    }),
  );
}

async function addUser(id: string, roles: readonly string[], address: string | null) {
  await database.pool.query(
    `insert into app_user (id, name, password_hash, roles, address) values ($1, $1, 'x', $2, $3)`,
    [id, roles, address],
  );
}

describe('a sender', () => {
  it('is told once what to do with a held mail, and nothing that it says', async () => {
    const id = await submit('record employment, 74.0 per cent');
    await tell();
    await tell();
    const [notice, ...more] = await sent();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({
      to: 'officer@department.example',
      subject: 'Your message waits until 09:30 on Wednesday 20 January 2016',
    });
    expect(notice?.text).toContain(id);
    expect(notice?.raw).not.toContain('one@department.example');
    expect(notice?.raw).toContain('X-Holdfast-Notice: mail-held-until-lift');
    expect(notice?.raw).toContain('Auto-Submitted: auto-generated');
    expect(`${notice?.raw}${notice?.text}`).not.toMatch(/employment|74|Secret|Equals|Says which way|news\.example/);
  });

  it.each([
    ['the direction', 'record employment', '74.0'],
    ['the figure and how it was recognised', 'record employment 74.0', 'record employment 61.7'],
    ['how often it says so', 'record employment', 'record employment record employment 74.0 74.0'],
  ])('is told the same, byte for byte, whatever the mail says: %s', async (_what, one, other) => {
    await submit(one);
    await tell();
    await submit(other);
    await tell();
    const notices = (await sent()).map(({ raw, text }) =>
      `${raw}\n${text}`.replace(/[0-9a-hjkmnp-tv-z]{26}/g, 'ID').replace(/\r\n\r\n[\s\S]*?\r\n\n/, '\n'),
    );
    expect(notices).toHaveLength(2);
    expect(notices[1]).toBe(notices[0]);
  });

  it.each([
    ['released', 'release', 'Your message goes out'],
    ['rejected', 'reject', 'Your message was not sent'],
  ] as const)('is told when it is %s, without the reason that was given', async (_what, action, subject) => {
    const id = await submit('TENANCYCODE');
    await trial.service.decideMessage(id, { action, reason: 'Because of employment' }, REVIEWER);
    await tell();
    const notices = await sent();
    // It was no longer held when the turn came to tell that.
    expect(notices.map((notice) => notice.subject)).toEqual([subject]);
    expect(notices[0]?.text).not.toContain('Because');
  });

  it('of a draft is told what became of it, and not what the page said already', async () => {
    const id = await submit('record employment', 'officer@department.example', 'draft');
    await tell();
    expect(await sent()).toEqual([]);
    await trial.service.decideMessage(id, { action: 'release', reason: 'Fine' }, REVIEWER);
    await tell();
    const [notice] = await sent();
    expect(notice?.subject).toBe('You can publish your draft');
    expect(notice?.text).toContain(`https://holdfast.department.example/drafts/${id}`);
  });

  it.each([
    ['outside', 'somebody@elsewhere.example'],
    ['of a domain that only ends like ours', 'a@notdepartment.example'],
    ['of a domain below ours', 'a@mail.department.example'],
    ['that is null', ''],
    ['that is no address', 'officer'],
  ])('%s is told nothing', async (_what, from) => {
    await submit('record employment', from);
    await tell();
    expect(await sent()).toEqual([]);
  });

  it('who does not want it is told nothing', async () => {
    await addUser('user:submitter', ['submitter'], 'Officer@department.example');
    await trial.store.notices.wish('user:submitter', { reviewing: 'soon', own: false });
    await submit('record employment');
    await tell();
    expect(await sent()).toEqual([]);
  });

  it('is told nothing of yesterday, when notices are switched on', async () => {
    await submit('record employment');
    await database.pool.query(`update notice_due set noted_at = now() - interval '25 hours'`);
    await tell();
    expect(await sent()).toEqual([]);
  });
});

describe('reviewers', () => {
  beforeEach(async () => {
    await addUser('user:soon', ['reviewer'], 'soon@department.example');
    await addUser('user:daily', ['reviewer'], 'daily@department.example');
    await addUser('user:off', ['reviewer'], 'off@department.example');
    await addUser('user:outside', ['reviewer'], 'reviewer@elsewhere.example');
    await addUser('user:other', ['submitter'], 'other@department.example');
    await trial.store.notices.wish('user:daily', { reviewing: 'daily', own: true });
    await trial.store.notices.wish('user:off', { reviewing: 'off', own: true });
  });
  const toReviewers = async () => (await sent()).filter(({ to }) => to !== 'officer@department.example');

  it('are told how much waits, soon and not more often than every ten minutes', async () => {
    await submit('record employment');
    await submit('TENANCYCODE');
    await tell();
    await submit('record employment');
    await tell();
    const [notice, ...more] = await toReviewers();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ to: 'soon@department.example', subject: '2 messages to review' });
    expect(notice?.text).toContain('Next lift: 09:30 on Wednesday 20 January 2016');
    expect(notice?.text).not.toMatch(/employment|officer|TENANCY|Secret/);
    await database.pool.query(`update notice_pace set reviewers_at = now() - interval '11 minutes'`);
    await tell();
    expect((await toReviewers()).at(-1)).toMatchObject({
      subject: '1 message to review',
      text: expect.stringContaining('Waiting for a decision: 3 messages'),
    });
  });

  it('get one digest a day, from its hour on, and none where nothing waits', async () => {
    wall = Date.parse('2016-01-20T07:59:00Z');
    await submit('record employment');
    await tell();
    expect((await toReviewers()).map(({ to }) => to)).toEqual(['soon@department.example']);
    wall = Date.parse('2016-01-20T08:00:00Z');
    await tell();
    await tell();
    const digests = (await toReviewers()).filter(({ to }) => to === 'daily@department.example');
    expect(digests).toHaveLength(1);
    expect(digests[0]?.text).toContain('09:30 on Wednesday 20 January 2016: 1');
    await database.pool.query('truncate message cascade');
    wall = Date.parse('2016-01-21T08:00:00Z');
    await tell();
    expect(await sent()).toEqual([]);
  });

  it('are not told of a held notice, nor of a bounce', async () => {
    await trial.store.notices.send(
      noticeMail({
        id: newMessageId(),
        name: 'mail-held',
        from: SETTINGS.from,
        to: 'officer@department.example',
        subject: 'a',
        text: 'record employment',
        host: 'h',
        now: FAKE_NOW,
      }),
    );
    const [row] = (await database.pool.query<{ id: string }>('select id from message')).rows;
    await trial.store.messages.claimForScan(row?.id ?? '', 'worker', 60_000);
    await database.pool.query(
      `update message set state = 'held', verdict = 'hold', judgement = '\\x00', lease_owner = null where id = $1`,
      [row?.id],
    );
    await submit('record employment', '');
    const noted = await database.pool.query('select message_id from notice_due');
    expect(noted.rows).toHaveLength(1);
    await tell();
    const notices = await database.pool.query(`select from message where submitted_by = 'holdfast:notice'`);
    expect(notices.rowCount).toBe(1);
  });
});

it('is nothing that our own rules would hold, in any of its forms', async () => {
  const rules = await loadRuleFolder(SHIPPED_RULES);
  const opener = makeOpener();
  const registers = { embargoes: [...releaseOfEverySubject(rules, FAKE_NOW), anEmbargo()], sensitivity: [] };
  const engine = createEngine({ rules, registers, detectors, open: opener.open, matchesSealed: () => false });
  try {
    const verdicts = [];
    for (const name of NOTICE_NAMES) {
      const template = templates.get(name);
      if (template === undefined) throw new Error(name);
      const when = '09:30 on Wednesday 20 January 2016';
      const values = Object.fromEntries(
        NOTICE_WORDS[name].map((word) => [word, /lift|sent|oldest/.test(word) ? when : `${word} 3 messages`]),
      );
      const mail = noticeMail({
        id: newMessageId(),
        name,
        from: SETTINGS.from,
        to: 'officer@department.example',
        ...fillNotice(template, values),
        host: 'gateway.example',
        now: FAKE_NOW,
      });
      const content = mail.content instanceof Uint8Array ? mail.content : await readAll(mail.content);
      const { judgement } = await engine.judge({
        kind: 'email',
        name: 'notice.eml',
        source: memorySource(content),
        parties: mail.envelope,
        now: FAKE_NOW,
        publishAt: null,
      });
      verdicts.push([name, judgement.verdict, judgement.findings.map(({ summary }) => summary)]);
    }
    expect(verdicts).toEqual(NOTICE_NAMES.map((name) => [name, 'pass', []]));
  } finally {
    await opener.close();
  }
});

it('runs in one process at a time', async () => {
  const { alone } = trial.store.notices;
  const inside = Promise.withResolvers<void>();
  const done = alone(() => inside.promise);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await alone(async () => {})).toBe(false);
  inside.resolve();
  expect(await done).toBe(true);
  expect(await alone(async () => {})).toBe(true);
});
