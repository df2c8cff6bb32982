import type { DraftInput, Outcome } from '../../src/service/service.ts';
import { aDatabase, type TestDatabase } from '../services/a-database.ts';
import { aCaller, aService, type TestService } from '../services/a-service.ts';

const submitter = aCaller(['submitter']);
const reviewer = aCaller(['reviewer']);
const auditor = aCaller(['auditor']);
const LIFT = Date.parse('2016-01-20T09:30:00Z');

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

function granted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.kind}: ${outcome.refusal.message}`);
  return outcome.value;
}

async function drafted(text: string, author = 'press@department.example'): Promise<string> {
  const draft: DraftInput = { text, channel: 'x', publishAt: null, author, recipients: [], attachments: [] };
  return granted(await house.service.submitDraft(draft, submitter)).id;
}

describe('those who oversee', () => {
  it('see what came in by day and verdict, what is held by its lift, and what was decided', async () => {
    await drafted('nothing');
    await drafted('record employment');
    const released = await drafted('record employment again');
    await drafted('TENANCYCODE');
    house.now = Date.parse('2016-01-19T23:59:00Z');
    await drafted('nothing');
    house.now = Date.parse('2016-01-20T09:22:00Z');
    granted(await house.service.decideMessage(released, { action: 'release', reason: 'Public by now.' }, reviewer));
    const overview = granted(await house.service.oversee(14, auditor));
    expect(overview).toMatchObject({
      days: [
        { day: '2016-01-19', pass: 1, flag: 0, hold: 0 },
        { day: '2016-01-20', pass: 1, flag: 0, hold: 3 },
      ],
      lifts: [
        { lift: LIFT, held: 1 },
        { lift: null, held: 1 },
      ],
      heldNow: 2,
      oldestHeld: house.now,
      entries: [
        { entry: 'labour-market-2016-01', messages: 2, held: 1 },
        { entry: 'core-lettings-2016-17', messages: 1, held: 1 },
      ],
      decisions: [{ action: 'release', count: 1 }],
    });
    expect(overview.decisions[0]?.medianMinutes).toBeGreaterThanOrEqual(0);
  });

  it('see zeros where there is nothing', async () => {
    const overview = granted(await house.service.oversee(14, auditor));
    expect(overview).toEqual({ days: [], lifts: [], heldNow: 0, oldestHeld: null, entries: [], decisions: [] });
  });

  it.each(['submitter', 'reviewer', 'registrar'] as const)('are not %ss', async (role) => {
    const caller = aCaller([role]);
    const { service } = house;
    const outcomes = [
      await service.oversee(14, caller),
      await service.auditTrail({ limit: 1 }, caller),
      await service.verifyAudit(caller),
    ];
    expect(outcomes.map((outcome) => (outcome.ok ? 'granted' : outcome.refusal.kind))).toEqual(
      Array(3).fill('forbidden'),
    );
  });

  it('read the audit log a page at a time, and one message’s part of it', async () => {
    const ids = [await drafted('record employment'), await drafted('record employment too')];
    for (const id of ids)
      granted(await house.service.decideMessage(id, { action: 'reject', reason: 'Early.' }, reviewer));
    const first = granted(await house.service.auditTrail({ limit: 1 }, auditor));
    expect(first.items.map(({ target }) => target)).toEqual([ids[1]]);
    const second = granted(await house.service.auditTrail({ limit: 1, before: first.next ?? 0 }, auditor));
    expect(second.items.map(({ target }) => target)).toEqual([ids[0]]);
    const one = granted(await house.service.auditTrail({ limit: 9, target: ids[0] ?? '' }, auditor));
    expect(one.items.map(({ action }) => action)).toEqual(['message.rejected']);
  });
});

describe('the list of messages', () => {
  it('is narrowed to an entry and to a sender', async () => {
    const ours = await drafted('record employment', 'Press@Department.example');
    const theirs = await drafted('record employment', 'news@other.example');
    const records = await drafted('TENANCYCODE', 'press@department.example');
    const listed = async (query: { readonly entry?: string; readonly sender?: string }) =>
      granted(await house.service.listMessages({ limit: 10, ...query }, reviewer)).items.map(({ id }) => id);
    expect(await listed({ entry: 'labour-market-2016-01' })).toEqual([theirs, ours]);
    expect(await listed({ sender: 'PRESS@' })).toEqual([records, ours]);
    expect(await listed({ entry: 'labour-market-2016-01', sender: 'department' })).toEqual([ours]);
    expect(await listed({ sender: '%' })).toEqual([]);
  });
});
