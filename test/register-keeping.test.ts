import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadRuleFolder, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { makeOpener } from '../src/cli/make-opener.ts';
import { DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { ephemeralKeyRing } from '../src/registers/keys.ts';
import type { Caller } from '../src/service/ports.ts';
import { createRegisterKeeping, type RegisterKeeping } from '../src/service/register-keeping.ts';
import type { Outcome } from '../src/service/service.ts';
import { createAccountStore } from '../src/store/accounts/account-store.ts';
import { createChangeStore } from '../src/store/change-store.ts';
import { createRegisterStore } from '../src/store/register-store.ts';
import { compare } from '../src/web/pages/change-pages.ts';
import { aDatabase, storeKeys, type TestDatabase } from './services/a-database.ts';
import { aCaller } from './services/a-service.ts';

const ENTRY = parse(
  readFileSync(new URL('../fixtures/registers/embargoes/labour-market-2016-01.yaml', import.meta.url), 'utf8'),
) as Readonly<Record<string, unknown>> & { readonly id: string };

let database: TestDatabase;
let keeping: RegisterKeeping;
let single: RegisterKeeping;
const opener = makeOpener({ limits: DEFAULT_LIMITS });
const [one, two, reviewer]: readonly Caller[] = [
  aCaller(['registrar'], null, 'user:one'),
  aCaller(['registrar'], null, 'user:two'),
  aCaller(['reviewer'], null, 'user:three'),
] as const;
if (one === undefined || two === undefined || reviewer === undefined) throw new Error('no callers');

beforeAll(async () => {
  database = await aDatabase();
  const rules = await loadRuleFolder(SHIPPED_RULES);
  const keys = storeKeys();
  const deps = {
    registers: createRegisterStore(database.pool, keys),
    changes: createChangeStore(database.pool, keys),
    accounts: createAccountStore(database.pool, keys),
    engines: {
      rules: () => rules,
      current: async () => Promise.reject(new Error('not asked')),
      problems: () => [],
      reload: async () => {},
      refresh: async () => {},
      stop: async () => {},
    },
    keys: ephemeralKeyRing(randomBytes(32)),
    now: () => Date.parse('2016-01-14T12:00:00Z'),
    open: opener.open,
  };
  keeping = createRegisterKeeping({ ...deps, fourEyes: true });
  single = createRegisterKeeping({ ...deps, fourEyes: false });
});
afterAll(async () => {
  await opener.close();
  await database.close();
});

function waiting(
  outcome: Outcome<Awaited<ReturnType<RegisterKeeping['saveEmbargo']>> extends Outcome<infer S> ? S : never>,
) {
  if (!outcome.ok || outcome.value.kind !== 'waiting') throw new Error(JSON.stringify(outcome));
  return outcome.value.change;
}

const documents = async () => {
  const { rows } = await database.pool.query<{ text: string }>('select document::text as text from embargo_entry');
  return rows.map(({ text }) => text);
};

describe('under the rule of four eyes', () => {
  it('a change holds once another registrar has approved it, and never by its author’s own word', async () => {
    const id = waiting(await keeping.saveEmbargo(ENTRY.id, ENTRY, one));
    expect(await documents()).toEqual([]);
    expect(await keeping.saveEmbargo(ENTRY.id, ENTRY, two)).toMatchObject({ refusal: { kind: 'conflict' } });
    expect(await keeping.settleChange(id, true, '', one)).toMatchObject({
      refusal: { kind: 'conflict', message: expect.stringContaining('yourself') },
    });
    expect(await keeping.settleChange(id, true, '', reviewer)).toMatchObject({ refusal: { kind: 'forbidden' } });
    const { rows } = await database.pool.query<{ text: string }>('select document::text as text from register_change');
    // What waits is sealed already.
    expect(rows[0]?.text).not.toMatch(/31\.39/);
    const both = await Promise.all([
      keeping.settleChange(id, true, 'seen', two),
      keeping.settleChange(id, true, '', two),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await documents()).join()).toContain('labour-market-2016-01');
  });

  it('a token that its author made is its author, and one that nobody made is no second person', async () => {
    const accounts = createAccountStore(database.pool, storeKeys());
    const user = { name: 'registrar', password: 'three words of mine', address: null, roles: ['registrar'] } as const;
    const author = await accounts.createUser(user, 'test');
    if (author === null) throw new Error('the name is taken');
    const token = (name: string, owner?: string) =>
      accounts.createToken({ name, token: name, address: null, roles: ['registrar'], ...(owner && { owner }) }, 'test');
    const entry = { ...ENTRY, title: 'By a token' };
    const id = waiting(await keeping.saveEmbargo(ENTRY.id, entry, await token('t1', author.id)));
    for (const caller of [author, await token('t2', author.id), await token('t3')]) {
      expect(await keeping.settleChange(id, true, '', caller)).toMatchObject({ refusal: { kind: 'conflict' } });
    }
    expect((await documents()).join()).not.toContain('By a token');
    expect(await keeping.settleChange(id, false, '', author)).toMatchObject({ ok: true });
    expect(await keeping.change(id, reviewer)).toMatchObject({ value: { state: 'withdrawn' } });
  });

  it('nothing is approved that was written for another state of the entry', async () => {
    const id = waiting(await keeping.saveEmbargo(ENTRY.id, { ...ENTRY, title: 'Moved' }, one));
    const saved = await single.saveEmbargo(ENTRY.id, { ...ENTRY, title: 'Changed meanwhile' }, two);
    expect(saved).toMatchObject({ ok: true, value: { kind: 'saved' } });
    expect(await keeping.settleChange(id, true, '', two)).toMatchObject({
      refusal: { kind: 'conflict', message: expect.stringContaining('changed since') },
    });
    expect(await keeping.settleChange(id, false, 'late', two)).toMatchObject({ ok: true });
    expect((await documents()).join()).toContain('Changed meanwhile');
  });

  // Somebody who may edit but not know could propose one figure after another, and read off the page which of them changes nothing.
  it('whether a proposed figure is the one that the register has is told by nothing that anybody sees', async () => {
    const figure = { measure: 'employment-rate', unit: 'percent' } as const;
    const guess = async (value?: number) => {
      const figures = value === undefined ? [figure] : [{ ...figure, value }];
      const id = waiting(await keeping.saveEmbargo('guessed', { ...KEPT, figures }, two));
      const change = await keeping.change(id, one);
      await keeping.settleChange(id, false, '', two);
      if (!change.ok) throw new Error('the change is gone');
      return compare(change.value);
    };
    const KEPT = { ...ENTRY, id: 'guessed', title: 'Guessed' };
    await single.saveEmbargo('guessed', { ...KEPT, figures: [{ ...figure, value: 74.1 }] }, one);
    const [right, wrong, kept] = [await guess(74.1), await guess(73.9), await guess()];
    expect(right).toEqual(wrong);
    expect(right).toEqual([
      { key: 'figures.employment-rate.percent', before: 'sealed', after: 'sealed, written anew' },
    ]);
    expect(kept).toEqual([]);
  });

  it('its author may take a change back', async () => {
    const id = waiting(await keeping.saveEmbargo(ENTRY.id, { ...ENTRY, title: 'Never' }, one));
    expect(await keeping.settleChange(id, false, '', one)).toMatchObject({ ok: true });
    expect(await keeping.change(id, reviewer)).toMatchObject({ value: { state: 'withdrawn' } });
    expect((await documents()).join()).not.toContain('Never');
  });
});

describe('a list of people', () => {
  it.each([
    ['list.csv', () => Buffer.from('Email,Declared\r\nanalyst@department.example,2016-01-12\r\n')],
    [
      'list.xlsx',
      async () => {
        const { utils, write } = await import('@e965/xlsx');
        const sheet = utils.aoa_to_sheet([
          ['Email', 'Declared'],
          ['analyst@department.example', '2016-01-12'],
        ]);
        return write(
          { SheetNames: ['People'], Sheets: { People: sheet } },
          { type: 'buffer', bookType: 'xlsx' },
        ) as Buffer;
      },
    ],
  ])('is read from %s in a process of its own', async (name, content) => {
    const rows = await keeping.readRows({ name, content: await content() }, one);
    expect(rows).toMatchObject({
      ok: true,
      value: [
        ['Email', 'Declared'],
        ['analyst@department.example', '2016-01-12'],
      ],
    });
  });

  it.each([
    ['a picture', 'x.png', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['nothing', 'x.csv', Buffer.alloc(0)],
  ])('is not read from %s', async (_what, name, content) => {
    expect(await keeping.readRows({ name, content }, one)).toMatchObject({ refusal: { kind: 'invalid' } });
  });
});

it('who left has no access, and passwords that nobody sees stay with the entry', async () => {
  const access = [
    { email: 'a@b.example', declared: '2016-01-12' },
    { email: 'gone@b.example', left: '2016-01-13' },
  ];
  const entry = { ...ENTRY, preRelease: { opens: '2016-01-19T09:30', access }, passwords: ['open sesame'] };
  await single.saveEmbargo(ENTRY.id, entry, one);
  const { passwords: _passwords, ...without } = entry;
  await single.saveEmbargo(ENTRY.id, { ...without, title: 'Again' }, one);
  expect((await documents()).join()).toMatch(/"passwords": \[\{/);
  const checked = await single.checkEmbargo(ENTRY.id, without, one);
  expect(checked).toMatchObject({
    value: {
      preRelease: {
        access: [{ email: 'a@b.example', role: null, declared: '2016-01-12' }],
        former: [{ email: 'gone@b.example', left: '2016-01-13' }],
      },
    },
  });
});
