import { randomBytes } from 'node:crypto';
import { judgementLine, judgementText } from '../../src/cli/print-judgement.ts';
import { memorySource } from '../../src/core/byte-source.ts';
import type { EmbargoEntry, Registers } from '../../src/core/entry.ts';
import type { Judgement } from '../../src/core/verdict.ts';
import type { Engine } from '../../src/scan/engine.ts';
import { judgeInTransit } from '../../src/service/judge-in-transit.ts';
import type { Service } from '../../src/service/service.ts';
import type { KeptMessage } from '../../src/service/stores.ts';
import { viewMessage } from '../../src/service/view-message.ts';
import { sealJudgement } from '../../src/store/messages/message-row.ts';
import { presentMessage } from '../../src/web/api/present-message.ts';
import { checkRoutes } from '../../src/web/pages/check-page.ts';
import { createRenderer } from '../../src/web/pages/templates-environment.ts';
import { FakeService } from '../fakes/fake-service.ts';
import { aMessage, BEFORE_LIFT, judge } from '../words/judge-words.ts';
import { matchesSealed } from './draws.ts';

const AUTHOR = 'press@department.example';
const key = randomBytes(32);
const render = createRenderer();

/** A draft judged over one release, its figures compared as they are in service. */
export function judgeDraft(text: string, entry: EmbargoEntry): Promise<Judgement> {
  return judge(aMessage(['body', text]), { entries: [entry], from: AUTHOR, matchesSealed });
}

export function kept(judgement: Judgement): KeptMessage {
  return {
    id: 'draft',
    kind: 'draft',
    state: judgement.verdict === 'hold' ? 'held' : 'cleared',
    receivedAt: BEFORE_LIFT,
    publishAt: null,
    envelope: { from: AUTHOR, to: [] },
    messageId: null,
    bytes: 1,
    judgement,
    rulesVersion: 'v',
    releaseAtLift: false,
    subject: null,
    name: 'draft.txt',
    submittedBy: 'somebody',
    hasContent: true,
  };
}

/** What every surface gives the sender of a draft, and the size of what the store keeps of it. */
export async function sentBack(text: string, entry: EmbargoEntry, judgement: Judgement): Promise<readonly string[]> {
  const registers: Registers = { embargoes: [entry], sensitivity: [] };
  const view = viewMessage(kept(judgement), registers, { kind: 'sender' }, false);
  const stored = { findings: judgement.findings, incomplete: judgement.incomplete, subject: null };
  return [
    JSON.stringify(presentMessage(view)),
    judgementLine('-', judgement, registers, { kind: 'sender' }),
    judgementText('-', judgement, registers, { kind: 'sender' }),
    ...(await milterReplies(judgement, registers)),
    await page(text, view, '/check/live'),
    `${sealJudgement('m', stored, key).length} bytes kept`,
  ];
}

async function milterReplies(judgement: Judgement, registers: Registers): Promise<readonly string[]> {
  const opened = { headers: null, parts: [] };
  const engine: Engine = {
    registers,
    rulesVersion: 'v',
    open: () => Promise.resolve(opened),
    judge: () => Promise.resolve({ judgement, opened, parties: { from: null, to: [] }, rulesVersion: 'v' }),
  };
  const mail = { content: memorySource(new Uint8Array()), envelope: { from: AUTHOR, to: [] } };
  const common = { engine: () => Promise.resolve(engine), now: () => BEFORE_LIFT };
  const holds = ['reject', 'quarantine', 'tempfail'] as const;
  const decisions = await Promise.all(holds.map((hold) => judgeInTransit(mail, { ...common, hold })));
  return decisions.map((decision) => JSON.stringify(decision));
}

/** The page that a draft is checked on, as it is written to the browser. */
export async function page(
  text: string,
  view: ReturnType<typeof viewMessage>,
  path: '/check' | '/check/live',
): Promise<string> {
  const checkDraft: Service['checkDraft'] = () => Promise.resolve({ ok: true, value: view });
  const service = Object.assign(new FakeService(), { checkDraft });
  const route = checkRoutes(service).find((one) => one.method === 'post' && one.path === path);
  const caller = { id: 'u', name: 'u', address: AUTHOR, roles: ['submitter'] } as const;
  const form = new URLSearchParams({ text, channel: 'x' });
  const reply = await route?.handle({ caller, session: '', id: '', query: new URLSearchParams(), form, files: [] });
  if (reply?.kind !== 'page') throw new Error(`${path} answered ${reply?.kind}`);
  return `${reply.status} ${render(reply.template, reply.data)}`;
}
