import { randomBytes } from 'node:crypto';
import { loadRuleFolder, SHIPPED_RULES } from '../../src/cli/load-engine.ts';
import { makeOpener } from '../../src/cli/make-opener.ts';
import { detectors } from '../../src/detect/index.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { createService } from '../../src/service/create-service.ts';
import { type EngineSource, startEngineSource } from '../../src/service/engine-source.ts';
import { judgeMessage } from '../../src/service/judge-message.ts';
import { silentLog } from '../../src/service/log.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import { createSilentObserver } from '../../src/service/observe-silently.ts';
import type { Outcome, Service } from '../../src/service/service.ts';
import { createSilentSides } from '../../src/service/silent-sides.ts';
import { createStore, type Store } from '../../src/store/open-store.ts';
import { tryRules } from '../../src/store/try-rules.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';
import { aCaller } from '../services/a-service.ts';
import { until } from '../services/until.ts';

const NOW = Date.parse('2016-01-20T09:22:00Z');
const registrar = aCaller(['registrar']);
const admin = aCaller(['admin', 'registrar']);
const opener = makeOpener();

const release = (subject: string, figures = '') => `id: ${subject}-2016-01
title: A release about ${subject}
producer: Office of Examples
subjects: [${subject}]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
${figures}`;

let database: TestDatabase;
let store: Store;
let engines: EngineSource;
let service: Service;
let broken = false;
let compilations = 0;

beforeAll(async () => {
  database = await aDatabase();
  store = createStore(database.pool, storeKeys(), () => NOW);
  const keys = ephemeralKeyRing(randomBytes(32));
  const log = silentLog;
  const changed = (path: string, text: string) => {
    compilations += 1;
    return tryRules(SHIPPED_RULES, path, text);
  };
  const note: Store['silentTrials']['note'] = (...noted) =>
    broken ? Promise.reject(new Error('the store broke')) : store.silentTrials.note(...noted);
  engines = await startEngineSource({
    loadRules: async () => ({ ok: true, value: await loadRuleFolder(SHIPPED_RULES) }),
    registers: store.registers,
    keys,
    silent: {
      sides: createSilentSides({ trials: store.silentTrials, tryRules: changed, key: keys, log }),
      observer: createSilentObserver({ note }, log),
    },
    detectors,
    open: opener.open,
    log,
  });
  service = createService({
    ...store,
    queue: { add: async () => {} },
    engines,
    open: opener.open,
    keys,
    clock: { now: () => NOW, fixed: true },
    newId: () => newMessageId(),
    workerId: 'test',
    delivers: true,
    tryRules: changed,
    log,
  });
  await store.registers.putEmbargo(
    {
      id: 'labour-market-2016-01',
      title: 'UK Labour Market',
      producer: 'Office of Examples',
      subjects: ['labour-market'],
      embargo: { from: '2016-01-13T00:00', until: '2016-01-20T09:30', zone: 'Europe/London' },
      custodians: [],
      status: 'scheduled',
      figures: [],
      public: [],
    },
    'test',
  );
  await engines.refresh();
});
afterAll(async () => {
  await engines.stop();
  await opener.close();
  await database.close();
});

function granted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.kind}: ${outcome.refusal.message}`);
  return outcome.value;
}

async function judged(text: string): Promise<{ readonly id: string; readonly verdict: unknown }> {
  const content = Buffer.from(`From: press@department.example\r\nSubject: lines\r\n\r\n${text}\r\n`);
  const envelope = { from: 'press@department.example', to: ['news@paper.example'] };
  const { id } = granted(await service.receive({ content, envelope }));
  const verdict = await judgeMessage(id, `w/${id}`, {
    store: store.messages,
    engine: () => engines.current(),
    now: () => NOW,
    log: silentLog,
  });
  return { id, verdict };
}

const start = async (text: string, kind: 'release' | 'rules' = 'release', path = '') =>
  granted(await service.startSilentTrial({ kind, text, path }, 7, registrar)).id;
const seen = async (id: string) => granted(await service.silentTrial(id, admin));
const counted = (id: string, judgements: number) =>
  until(async () => (await seen(id)).trial.judged >= judgements, 20_000, `${judgements} judged silently`);

describe('a change that runs silent', () => {
  it('decides nothing, and tells what it would have held', async () => {
    const id = await start(
      release('retail-sales', 'figures:\n  - { measure: retail-volumes, value: 2.3, unit: percent }\n'),
    );
    const would = await judged('Retail sales volumes rose sharply in December.');
    const not = await judged('Lunch is at noon.');
    const both = await judged('Record employment in the latest figures!');
    expect([would.verdict, not.verdict, both.verdict]).toEqual(['pass', 'pass', 'hold']);
    await counted(id, 2);
    await until(async () => (await seen(id)).trial.leftOut === 1, 20_000, 'the held one to be left out');
    const { trial, hits } = await seen(id);
    expect(trial.otherwise).toEqual([{ before: 'pass', after: 'hold', messages: 1 }]);
    expect(hits).toEqual([
      { message: would.id, at: expect.any(Number), before: 'pass', after: 'hold', detectors: ['direction'] },
    ]);
    expect(granted(await service.silentTrial(id, registrar)).hits).toMatchObject([{ message: null }]);
    const { rows } = await database.pool.query('select definition::text from silent_trial');
    expect(JSON.stringify(rows)).not.toContain('2.3');
    granted(await service.endSilentTrial(id, registrar));
    await judged('Retail sales volumes fell.');
    expect((await seen(id)).trial.judged).toBe(2);
    expect((await engines.current()).observe).toBeUndefined();
  });

  it('is asked about nothing that is held for a release, and lifts no hold: rules could ask a mail one word after another', async () => {
    const id = await start(release('labour-market').replace('2016-01-20T09:30', '2016-01-14T09:30'));
    const held = await judged('Record employment again!');
    expect(held.verdict).toBe('hold');
    await until(async () => (await seen(id)).trial.leftOut === 1, 20_000, 'the held one to be left out');
    expect((await seen(id)).trial).toMatchObject({ judged: 0, otherwise: [] });
    granted(await service.endSilentTrial(id, registrar));
  });

  it('may be a file of the rules, which is compiled once and found wanting before it runs', async () => {
    const marking = (clean: string) => `id: for-the-drawer
title: for the drawer
kind: protective
hints: [drawer]
patterns: ['for the drawer only']
examples:
  match: ['For the drawer only: the new tables', 'These tables are for the drawer only']
  clean: ['${clean}', 'A drawer for the forms']
`;
    const path = 'markings/for-the-drawer.yaml';
    const unproven = { kind: 'rules', path, text: marking('It is for the drawer only.') } as const;
    expect(await service.startSilentTrial(unproven, 7, registrar)).toMatchObject({
      ok: false,
      refusal: { kind: 'invalid', message: expect.stringContaining('for-the-drawer') },
    });
    compilations = 0;
    const id = await start(marking('The drawer is for the forms only.'), 'rules', path);
    const would = await judged('For the drawer only: who sits where.');
    const not = await judged('The drawer is stuck.');
    expect([would.verdict, not.verdict]).toEqual(['pass', 'pass']);
    await counted(id, 2);
    await engines.refresh();
    const { trial, hits } = await seen(id);
    expect(trial).toMatchObject({ kind: 'rules', target: path, judged: 2, leftOut: 0 });
    expect(hits).toEqual([expect.objectContaining({ message: would.id, before: 'pass', detectors: ['marking'] })]);
    // Once to see whether they hold, once to judge by.
    expect(compilations).toBe(2);
    granted(await service.endSilentTrial(id, registrar));
  });

  it('costs its own count and nothing else where it fails', async () => {
    const id = await start(release('gdp'));
    broken = true;
    const { verdict } = await judged('GDP grew by far more than expected.');
    expect(verdict).toBe('pass');
    await until(async () => (await engines.current()).observe !== undefined, 1000, 'engines');
    broken = false;
    granted(await service.endSilentTrial(id, registrar));
  });

  it('is one of three at most, ends by itself, and is for registrars', async () => {
    const ids = [await start(release('gdp')), await start(release('trade')), await start(release('crime'))];
    const fourth = await service.startSilentTrial(
      { kind: 'release', text: release('benefits'), path: '' },
      7,
      registrar,
    );
    expect(fourth).toMatchObject({ ok: false, refusal: { kind: 'conflict' } });
    await database.pool.query(`update silent_trial set ends_at = now() where id = $1`, [ids[0]]);
    await engines.refresh();
    expect(await store.silentTrials.running()).toHaveLength(2);
    for (const id of ids.slice(1)) granted(await service.endSilentTrial(id, registrar));
    for (const act of [
      service.startSilentTrial({ kind: 'release', text: release('gdp'), path: '' }, 7, aCaller(['reviewer'])),
      service.endSilentTrial('none', aCaller(['auditor'])),
      service.silentTrials(aCaller(['submitter'])),
    ]) {
      expect(await act).toMatchObject({ ok: false, refusal: { kind: 'forbidden' } });
    }
    const days = await service.startSilentTrial({ kind: 'release', text: release('gdp'), path: '' }, 31, registrar);
    expect(days).toMatchObject({ ok: false, refusal: { kind: 'invalid' } });
    expect(granted(await service.silentTrials(registrar)).length).toBeGreaterThanOrEqual(4);
    await database.pool.query(`update silent_trial set ended_at = now() - interval '91 days'`);
    const next = await start(release('gdp'));
    expect(granted(await service.silentTrials(registrar)).map(({ id }) => id)).toEqual([next]);
    granted(await service.endSilentTrial(next, registrar));
  });
});
