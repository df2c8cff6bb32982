import { loadRuleFolder, SHIPPED_RULES } from '../../src/cli/load-engine.ts';
import { makeOpener } from '../../src/cli/make-opener.ts';
import { memorySource } from '../../src/core/byte-source.ts';
import { detectors } from '../../src/detect/index.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { parseRegisters } from '../../src/registers/parse-registers.ts';
import { makeMatchesSealed } from '../../src/registers/seal.ts';
import type { CompiledRules } from '../../src/rules/compiled-rules.ts';
import type { Engine } from '../../src/scan/engine.ts';
import { referenceRules } from '../../src/scan/reference-rules.ts';
import { createEngine } from '../../src/scan/scan-message.ts';
import type { EngineSource } from '../../src/service/engine-source.ts';
import { createIntake } from '../../src/service/intake.ts';
import { silentLog } from '../../src/service/log.ts';
import type { Service } from '../../src/service/service.ts';
import type { MessageRecord } from '../../src/service/stores.ts';
import { viewMessage } from '../../src/service/view-message.ts';
import { FAKE_NOW, FakeService } from '../fakes/fake-service.ts';
import { startWeb, Visitor } from '../fakes/start-web.ts';
import { aCaller } from '../services/a-service.ts';

// Promise 4: what a person without access sees never depends on an embargoed value. Two registers that differ in their
// figures alone must give the same bytes on every page and in every answer.

const keys = ephemeralKeyRing(new Uint8Array(32).fill(7));
const opener = makeOpener();
let rules: CompiledRules;
beforeAll(async () => {
  rules = await loadRuleFolder(SHIPPED_RULES);
});
afterAll(() => opener.close());

function engineOver(figures: string, matchesSealed = makeMatchesSealed(keys)): Engine {
  const text = `
id: labour-market-2016-01
title: UK Labour Market, January 2016
producer: Office for National Statistics
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
preRelease:
  opens: "2016-01-19T09:30"
  access:
    - { email: analyst@department.example }
figures:
${figures}
`;
  const files = [{ file: 'labour-market.yaml', path: 'embargoes/labour-market.yaml', text }];
  const parsed = parseRegisters(files, { ...referenceRules(rules), key: keys, now: FAKE_NOW });
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join());
  return createEngine({
    rules,
    registers: parsed.value,
    detectors,
    open: opener.open,
    matchesSealed,
  });
}

const TRUE_FIGURES =
  '  - { measure: employment-rate, value: 74.0, unit: percent }\n  - { measure: unemployment-rate, value: 5.1, unit: percent }';
const OTHER_FIGURES =
  '  - { measure: employment-rate, value: 61.7, unit: percent }\n  - { measure: unemployment-rate, value: 9.8, unit: percent }';

const DRAFTS = [
  'The employment rate is 74.0 per cent.',
  'The employment rate is 61.7%.',
  'Employment at 74%, unemployment down to 5.1%',
  'unemployment: five point one per cent',
  'Record employment!',
  'The labour market statistics are out at 9:30 today.',
  'Employment rate 74.0 😀 and unemployment rate 9.8',
];

/** Everything that somebody without access can get out of the web, over one register. */
async function seenOver(engine: Engine, address: string | null): Promise<readonly string[]> {
  const service = new FakeService();
  const judge = async (text: string, id: string) => {
    const { judgement } = await engine.judge({
      kind: 'draft',
      name: 'draft.txt',
      source: memorySource(Buffer.from(text)),
      parties: { from: 'press@department.example', to: [] },
      now: FAKE_NOW,
      publishAt: null,
    });
    return { id, judgement };
  };
  const kept = ({ id, judgement }: Awaited<ReturnType<typeof judge>>) => ({
    id,
    kind: 'draft' as const,
    state: judgement.verdict === 'hold' ? ('held' as const) : ('cleared' as const),
    receivedAt: FAKE_NOW,
    publishAt: null,
    envelope: { from: 'press@department.example', to: [] },
    messageId: null,
    bytes: 1,
    judgement,
    rulesVersion: 'v',
    releaseAtLift: false,
    subject: null,
    name: 'draft.txt',
    submittedBy: 'somebody',
    hasContent: true,
  });
  const checkDraft: Service['checkDraft'] = async (draft) => {
    const message = kept(await judge(draft.text, 'draft'));
    return { ok: true, value: viewMessage(message, engine.registers, { kind: 'sender' }, false) };
  };
  Object.assign(service, { checkDraft });
  service.embargoes.splice(0, 9, ...engine.registers.embargoes);
  for (const [index, text] of DRAFTS.entries()) {
    const viewer = { kind: 'reviewer', address, at: FAKE_NOW } as const;
    const view = viewMessage(kept(await judge(text, `m-${index}`)), engine.registers, viewer, true);
    service.add({ view, opened: { headers: null, parts: [] } });
  }
  const web = await startWeb({ service });
  const visitor = new Visitor(web.origin);
  await visitor.signIn('admin');
  const token = await visitor.tokenOf('/check');
  const seen: string[] = [];
  const keep = async (answer: Response) => {
    const headers = [...answer.headers].filter(([name]) => name !== 'date').map((one) => one.join(': '));
    seen.push([answer.status, ...headers, await answer.text()].join('\n').replaceAll(web.origin, ''));
  };
  for (const text of DRAFTS) {
    const fields = { token, text, channel: 'x' };
    await keep(await visitor.post('/check', fields));
    await keep(await visitor.post('/check/live', fields));
    const headers = { authorization: 'Bearer token-submitter', 'content-type': 'application/json' };
    const body = JSON.stringify({ text, channel: 'x', author: 'press@department.example' });
    await keep(await fetch(`${web.origin}/v1/drafts/check`, { method: 'POST', headers, body }));
  }
  const paths = [
    '/review',
    '/registers',
    '/registers/embargoes/labour-market-2016-01',
    '/v1/messages',
    '/v1/embargoes',
  ];
  const messages = DRAFTS.flatMap((_text, index) => [`/review/m-${index}`, `/v1/messages/m-${index}`]);
  for (const path of [...paths, ...messages]) await keep(await visitor.get(path));
  seen.push(...web.log.map((line) => line.replace(/"ms":\d+/, '')));
  await web.close();
  return seen;
}

describe('pages, answers and log lines over two registers that differ in figures alone', () => {
  it('are the same, byte for byte, for whoever has no access', async () => {
    const one = await seenOver(engineOver(TRUE_FIGURES), null);
    const other = await seenOver(engineOver(OTHER_FIGURES), null);
    expect(one.length).toBeGreaterThan(50);
    expect(other).toEqual(one);
    expect(one.join()).toContain('Do not publish this before 9:30am today');
  });

  it('take no look at a sealed figure for a draft that is only checked', async () => {
    let looks = 0;
    const engine = engineOver(TRUE_FIGURES, () => ++looks < 0);
    const { checkDraft, submitDraft } = createIntake({
      messages: {
        insertClaimed: () => Promise.resolve(),
        recordJudgement: () => Promise.resolve(true),
        find: () => Promise.resolve(null),
        renewClaim: () => Promise.resolve(true),
        siblings: undefined,
        thread: undefined,
      } as unknown as MessageRecord,
      queue: { add: () => Promise.resolve() },
      engines: { current: () => Promise.resolve(engine) } as unknown as EngineSource,
      now: () => FAKE_NOW,
      newId: () => 'm',
      workerId: 'w',
      delivers: false,
      log: silentLog,
    });
    const caller = aCaller(['submitter']);
    const author = 'press@department.example';
    for (const text of DRAFTS) {
      const draft = { text, channel: 'x', publishAt: null, author, recipients: [], attachments: [] } as const;
      expect(await checkDraft(draft, caller)).toMatchObject({ ok: true });
    }
    expect(looks).toBe(0);
    const [text = ''] = DRAFTS;
    await submitDraft({ text, channel: 'x', publishAt: null, author, recipients: [], attachments: [] }, caller).catch(
      () => {},
    );
    expect(looks).toBeGreaterThan(0);
  });

  it('differ for a reviewer with access, so that the comparison above means something', async () => {
    const one = await seenOver(engineOver(TRUE_FIGURES), 'analyst@department.example');
    const other = await seenOver(engineOver(OTHER_FIGURES), 'analyst@department.example');
    expect(other).not.toEqual(one);
    expect(one.join()).toContain('For you alone');
  });
});
