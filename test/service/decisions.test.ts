import { addMasterKey, ephemeralKeyRing, keyRing, retireMasterKey } from '../../src/registers/keys.ts';
import { digestPassage, makeMatchesPassage } from '../../src/registers/passage-digest.ts';
import type { Outcome } from '../../src/service/service.ts';
import { UNKNOWN_RULE } from '../../src/store/messages/rule-names.ts';
import { aDatabase, type TestDatabase } from '../services/a-database.ts';
import { aCaller, aService, type TestService } from '../services/a-service.ts';

const submitter = aCaller(['submitter']);
const first = aCaller(['reviewer'], 'analyst@department.example', 'user:first');
const second = aCaller(['reviewer'], 'analyst@department.example', 'user:second');
const blind = aCaller(['reviewer'], null, 'user:blind');
const SENDER = 'analyst@department.example';

let database: TestDatabase;
let house: TestService;

beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query('truncate message, false_alarm cascade');
  house = aService(database);
});

function granted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.kind}: ${outcome.refusal.message}`);
  return outcome.value;
}

const kindOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'granted' : outcome.refusal.kind);

async function mailed(text: string, to: readonly string[], from = SENDER): Promise<string> {
  const mail = Buffer.from(`From: ${from}\nSubject: lines\n\n${text}\n`);
  return granted(await house.service.submitMessage(mail, { from, to }, submitter)).id;
}

const decide = (
  id: string,
  action: 'release' | 'reject' | 'release-eligible' | 'ask' | 'release-at-lift',
  by = first,
) => house.service.decideMessage(id, { action, reason: 'Checked.' }, by);

describe('a release to those who may have it', () => {
  it('goes to eligible people alone, and the record says who was left out', async () => {
    const id = await mailed('record employment', [SENDER, 'desk@statistics.example', 'news@paper.example']);
    const beside = granted(await house.service.surroundings(id, first));
    expect(beside.sorted).toEqual({
      eligible: [SENDER, 'desk@statistics.example'],
      withheld: ['news@paper.example'],
    });
    expect(granted(await decide(id, 'release-eligible')).state).toBe('released');
    const claim = await house.store.messages.claimForDelivery(id, 'w', 1000);
    expect(claim?.recipients).toEqual([SENDER, 'desk@statistics.example']);
    const delivered = [SENDER, 'desk@statistics.example'];
    await house.store.messages.recordDelivery(id, 'w', { delivered, failed: [], retryAfterMs: null, notice: null });
    expect((await house.store.messages.find(id))?.state).toBe('delivered');
    const states = granted(await house.service.surroundings(id, first)).recipients;
    expect(states.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'withheld']);
    const [act] = await house.store.audit.list({ target: id, limit: 1 });
    expect(act).toMatchObject({ action: 'message.released-to-eligible', detail: { withheld: ['news@paper.example'] } });
  });

  it('is refused where nobody may have it, and for protected records', async () => {
    const outside = await mailed('record employment', ['news@paper.example', 'b@paper.example']);
    expect(kindOf(await decide(outside, 'release-eligible'))).toBe('conflict');
    const records = await mailed('TENANCYCODE', ['a@elsewhere.example', 'b@elsewhere.example']);
    expect(kindOf(await decide(records, 'release-eligible'))).toBe('conflict');
  });
});

describe('a question to the sender', () => {
  it('goes as a mail that is judged as any other, and the message stays held', async () => {
    const id = await mailed('record employment', ['news@paper.example']);
    expect(granted(await decide(id, 'ask')).state).toBe('held');
    const asked = (await house.store.messages.list({ limit: 5 })).find((one) => one.id !== id);
    expect(asked).toMatchObject({ state: 'received', envelope: { from: '', to: [SENDER] } });
    const text = Buffer.from(await house.store.messages.content(asked?.id ?? '')).toString();
    expect(text).toContain(`Reply-To: <${SENDER}>`);
    expect(text).not.toContain('Subject: lines');
    expect(house.hints.at(-1)).toEqual({ kind: 'scan', id: asked?.id });
    expect((await house.store.audit.list({ target: id, limit: 1 }))[0]?.action).toBe('message.asked');
  });

  it('is refused where there is no address to ask at', async () => {
    const draft = { text: 'record employment', channel: 'x', publishAt: null, author: 'Press', recipients: [] };
    const { id } = granted(await house.service.submitDraft({ ...draft, attachments: [] }, submitter));
    expect(kindOf(await decide(id, 'ask'))).toBe('conflict');
  });
});

describe('where the policy asks for two people', () => {
  beforeEach(() => {
    const rules = rulesOf(house);
    Object.assign(house.engines, { rules: () => ({ ...rules, thresholds: { releasePeople: 2 } }) });
  });

  it('nothing is released by one person while the policy cannot be read', async () => {
    const id = await mailed('record employment', ['news@paper.example']);
    Object.assign(house.engines, { rules: () => null });
    expect(kindOf(await decide(id, 'release'))).toBe('not-ready');
    expect((await house.store.messages.find(id))?.state).toBe('held');
    expect(granted(await decide(id, 'reject')).state).toBe('rejected');
  });

  it.each(['release', 'release-eligible', 'release-at-lift'] as const)(
    '%s waits for a second person',
    async (action) => {
      const id = await mailed('record employment', [SENDER, 'news@paper.example']);
      expect(granted(await decide(id, action)).state).toBe('held');
      expect(granted(await house.service.surroundings(id, second)).proposals).toMatchObject([
        { action: `propose-${action}`, isOwn: false },
      ]);
      expect(kindOf(await decide(id, action))).toBe('conflict');
      const kept = granted(await decide(id, action, second));
      expect([kept.state, (await house.store.messages.find(id))?.releaseAtLift]).toEqual(
        action === 'release-at-lift' ? ['held', true] : ['released', false],
      );
      const acts = (await house.store.audit.list({ target: id, limit: 2 })).map((one) => one.action);
      expect(acts[1]).toBe('message.release-proposed');
    },
  );

  it('a proposal does not outlive the verdict it was made on', async () => {
    const id = await mailed('record employment', ['news@paper.example']);
    granted(await decide(id, 'release'));
    await database.pool.query(`update message set judged_at = now() + interval '1 second' where id = $1`, [id]);
    expect(granted(await decide(id, 'release', second)).state).toBe('held');
    expect(granted(await house.service.surroundings(id, first)).proposals).toEqual([]);
  });

  it('a token stands for whoever made it, and one that nobody made for nobody', async () => {
    await database.pool.query(
      `insert into app_user (id, name, password_hash, roles) values ('user:first', 'first', 'x', '{reviewer}')`,
    );
    await database.pool.query(
      `insert into api_token (id, name, token_hash, roles, created_by)
       values ('token:own', 'own', '\\x01', '{reviewer}', 'user:first'), ('token:machine', 'm', '\\x02', '{reviewer}', null)`,
    );
    const own = aCaller(['reviewer'], SENDER, 'token:own');
    const machine = aCaller(['reviewer'], SENDER, 'token:machine');
    const id = await mailed('record employment', ['news@paper.example']);
    expect(granted(await decide(id, 'release', machine)).state).toBe('held');
    expect(granted(await decide(id, 'release', first)).state).toBe('held');
    const other = await mailed('record employment', ['news@paper.example']);
    granted(await decide(other, 'release', first));
    expect(kindOf(await decide(other, 'release', own))).toBe('conflict');
    expect(granted(await decide(other, 'release', machine)).state).toBe('held');
    expect(granted(await decide(other, 'release', second)).state).toBe('released');
    const { id: alarm } = granted(
      await house.service.proposeFalseAlarm(
        {
          message: await mailed('record employment', ['n@p.example']),
          finding: 0,
          anyEntry: false,
          sender: 'address',
          days: 1,
          reason: 'x',
        },
        first,
      ),
    );
    expect(kindOf(await house.service.settleFalseAlarm(alarm, 'approve', own))).toBe('conflict');
    await database.pool.query('delete from app_user; delete from api_token');
  });

  it('one person alone can still reject', async () => {
    const id = await mailed('record employment', ['news@paper.example']);
    expect(granted(await decide(id, 'reject')).state).toBe('rejected');
  });
});

describe('a false alarm', () => {
  const input = (message: string) =>
    ({ message, finding: 0, anyEntry: false, sender: 'address', days: 30, reason: 'A form of that name.' }) as const;

  it('is proposed by one who may look inside, approved by another, shown, and revoked', async () => {
    const id = await mailed('keep the record employment form', ['news@paper.example']);
    expect(kindOf(await house.service.proposeFalseAlarm(input(id), blind))).toBe('forbidden');
    const { id: alarm } = granted(await house.service.proposeFalseAlarm(input(id), first));
    expect(await house.store.reviews.falseAlarmsInForce()).toEqual([]);
    expect(kindOf(await house.service.settleFalseAlarm(alarm, 'approve', first))).toBe('forbidden');
    expect(kindOf(await house.service.settleFalseAlarm(alarm, 'approve', blind))).toBe('forbidden');
    granted(await house.service.settleFalseAlarm(alarm, 'approve', second));
    expect(kindOf(await house.service.settleFalseAlarm(alarm, 'approve', second))).toBe('conflict');
    expect(await house.store.reviews.falseAlarmsInForce()).toMatchObject([{ id: alarm, sender: SENDER }]);
    expect(house.hints.at(-1)).toEqual({ kind: 'scan', id });
    expect(granted(await house.service.falseAlarms(blind))).toMatchObject([{ state: 'in-force', reason: '' }]);
    granted(await house.service.settleFalseAlarm(alarm, 'revoke', first));
    expect(await house.store.reviews.falseAlarmsInForce()).toEqual([]);
    expect(granted(await house.service.falseAlarms(first))).toMatchObject([
      { state: 'revoked', reason: 'A form of that name.' },
    ]);
    const acts = await database.pool.query<{ action: string }>(
      `select action from audit_log where target = $1 order by seq`,
      [alarm],
    );
    expect(acts.rows.map(({ action }) => action)).toEqual([
      'false-alarm.proposed',
      'false-alarm.approved',
      'false-alarm.revoked',
    ]);
  });

  it.each([
    ['protected records', 'TENANCYCODE', 'core.team@department.example', 'conflict'],
    ['a reason that is not there', 'nothing', SENDER, 'invalid'],
  ])('is not made of %s', async (_what, text, address, expected) => {
    const id = await mailed(text, ['news@paper.example']);
    const caller = aCaller(['reviewer'], address, 'user:owner');
    expect(kindOf(await house.service.proposeFalseAlarm(input(id), caller))).toBe(expected);
  });

  it.each([0, 366, 1.5])('does not last %s days', async (days) => {
    const id = await mailed('record employment', ['news@paper.example']);
    expect(kindOf(await house.service.proposeFalseAlarm({ ...input(id), days }, first))).toBe('invalid');
  });

  it('is named to those who may see it, and by nothing in the database: the name of its rule tells what the mail says', async () => {
    const message = await mailed('record employment', ['news@paper.example']);
    const [alarm, rule] = ['alarm-of-a-name', 'record-level-of-measure'];
    const of = { message, detector: 'direction', rule, entry: null, anyEntry: true, sender: SENDER } as const;
    const rest = { passage: 'k1:0', reason: 'A form.', until: Date.now() + 60_000 };
    await house.store.reviews.proposeFalseAlarm({ id: alarm, ...of, ...rest }, first.id);
    granted(await house.service.settleFalseAlarm(alarm, 'approve', second));
    expect(granted(await house.service.falseAlarms(blind))).toMatchObject([{ id: alarm, rule }]);
    expect(await house.store.reviews.falseAlarmsInForce()).toMatchObject([{ id: alarm, rule }]);
    const { rows } = await database.pool.query<{ said: string }>(
      `select (f::text || coalesce(string_agg(a.detail::text, ' '), '')) as said
       from false_alarm f join audit_log a on a.target = f.id where f.id = $1 group by f.id, f.*`,
      [alarm],
    );
    expect(rows).toEqual([{ said: expect.stringContaining('A form.') }]);
    expect(rows).toEqual([{ said: expect.not.stringContaining(rule) }]);
    expect(rows).toEqual([{ said: expect.not.stringContaining(Buffer.from(rule).toString('hex')) }]);
  });

  it('excuses nothing once the key of its name is lost, and is still listed', async () => {
    const id = await mailed('record employment', ['news@paper.example']);
    const { id: alarm } = granted(await house.service.proposeFalseAlarm(input(id), first));
    granted(await house.service.settleFalseAlarm(alarm, 'approve', second));
    await database.pool.query(`update false_alarm set rule_key = 'k0-lost'`);
    expect(await house.store.reviews.falseAlarmsInForce()).toEqual([]);
    expect(granted(await house.service.falseAlarms(first))).toMatchObject([{ id: alarm, rule: UNKNOWN_RULE }]);
  });

  it('has what it let go judged again before what is held, once it is revoked', async () => {
    const held = await mailed('record employment', ['news@paper.example']);
    const going = await mailed('record employment', ['news@paper.example']);
    const { messages } = house.store;
    const judgement = (await messages.find(going))?.judgement;
    const finding = judgement?.findings[0];
    if (judgement == null || finding === undefined) throw new Error('nothing was found');
    await database.pool.query('update message set judge_again = true where id = $1', [going]);
    await messages.claimForScan(going, 'w', 60_000);
    await messages.recordJudgement(going, 'w', { ...judgement, verdict: 'flag', holdUntil: null }, 'rules');
    await database.pool.query('alter table message disable trigger user');
    await database.pool.query(
      `insert into message select (jsonb_populate_record(m, jsonb_build_object('id', '00' || n))).*
       from message m, generate_series(1, 1000) as n where m.id = $1`,
      [held],
    );
    await database.pool.query('alter table message enable trigger user');
    expect(await house.store.reviews.judgeAgain(finding)).toContain(going);
  });

  it('changes the version of the registers once it is approved, so that every process judges by it', async () => {
    const id = await mailed('record employment', ['news@paper.example']);
    const { id: alarm } = granted(await house.service.proposeFalseAlarm(input(id), first));
    const before = await house.store.registers.version();
    granted(await house.service.settleFalseAlarm(alarm, 'approve', second));
    expect(Number(await house.store.registers.version())).toBe(Number(before) + 1);
  });
});

it('a passage is known again by its digest under any key of the ring, and read from it by nobody', () => {
  const ring = ephemeralKeyRing(new Uint8Array(32).fill(1));
  const digest = digestPassage('keep a record of employment', ring);
  expect(digest).not.toContain('employment');
  expect(makeMatchesPassage(ring)('keep a record of employment', digest)).toBe(true);
  expect(makeMatchesPassage(ring)('record employment', digest)).toBe(false);
  expect(makeMatchesPassage(ephemeralKeyRing(new Uint8Array(32).fill(2)))('keep a record of employment', digest)).toBe(
    false,
  );
});

it('a passage is known again after the key of its digest was retired', () => {
  const first = addMasterKey(null, new Uint8Array(32).fill(1), '2016-01-01T00:00:00Z');
  const rotated = addMasterKey(first, new Uint8Array(32).fill(2), '2016-02-01T00:00:00Z');
  const digest = digestPassage('keep a record of employment', keyRing(first));
  const retired = keyRing(retireMasterKey(rotated, first.keys[0]?.id ?? ''));
  expect(makeMatchesPassage(retired)('keep a record of employment', digest)).toBe(true);
});

describe('what was decided on messages like it', () => {
  it('is shown with the reason to those alone who may look inside those', async () => {
    const before = await mailed('record employment once', ['news@paper.example']);
    granted(await decide(before, 'reject'));
    const id = await mailed('record employment again', ['news@paper.example']);
    await mailed('TENANCYCODE', ['news@paper.example']);
    expect(granted(await house.service.surroundings(id, second)).similar).toMatchObject([
      { message: before, action: 'reject', reason: 'Checked.' },
    ]);
    expect(granted(await house.service.surroundings(id, blind)).similar).toMatchObject([
      { message: before, reason: null },
    ]);
  });
});

function rulesOf({ engines }: TestService) {
  const rules = engines.rules();
  if (rules === null) throw new Error('no rules');
  return rules;
}

it('what a recipient said of a breach is read again by those who see it, and is sealed in the database as the rest of its report', async () => {
  const message = await mailed('record employment', ['news@paper.example']);
  await database.pool.query(`update message_recipient set state = 'delivered' where message_id = $1`, [message]);
  const { id } = granted(await house.service.openIncident(message, first));
  const recipient = 'news@paper.example';
  const note = 'She deleted the table of employment.';
  expect(kindOf(await house.service.confirmIncident({ id: 'none', recipient, note }, first))).toBe('not-found');
  granted(await house.service.confirmIncident({ id, recipient, note }, first));
  const seen = granted(await house.service.incident(id, second));
  expect(seen.recipients).toMatchObject([{ address: recipient, confirmed: { note } }]);
  const { rows } = await database.pool.query<{ note: string }>('select note from incident_confirmation');
  expect(rows).toEqual([{ note: expect.not.stringContaining('employment') }]);
});
