import { memorySource } from '../../src/core/byte-source.ts';
import { viewFindings } from '../../src/core/view.ts';
import { direction } from '../../src/detect/direction.ts';
import { figure } from '../../src/detect/figure.ts';
import type { Engine } from '../../src/scan/engine.ts';
import { createEngine } from '../../src/scan/scan-message.ts';
import type { EngineSource } from '../../src/service/engine-source.ts';
import { silentLog } from '../../src/service/log.ts';
import type { AuditAct } from '../../src/service/stores.ts';
import { watchProbing } from '../../src/service/watch-probing.ts';
import { FakeService } from '../fakes/fake-service.ts';
import { startWeb, Visitor } from '../fakes/start-web.ts';
import { matchesSealed, releaseWith } from '../oracle/draws.ts';
import { aMessage, BEFORE_LIFT, rules } from '../words/judge-words.ts';

// Promise 4: whoever tries one figure after the other is answered the same to the end; a reviewer is told of it, whether or not one of
// the figures was right.

const AUTHOR = 'press@department.example';
const DRAFTS = ['4.5', '4.6', '4.7', '4.8', '4.9', '5.1', '5.2', '5.3'].map(
  (rate) => `Unemployment is ${rate}% today.`,
);

function engineOver(unemployment: number): Engine {
  return createEngine({
    rules,
    registers: { embargoes: [releaseWith([74, unemployment, null])], sensitivity: [] },
    detectors: [direction, figure],
    open: async ({ source }) => aMessage(['body', Buffer.from(source.memory ?? []).toString()]),
    matchesSealed,
  });
}

function sourceOf(engine: Engine): EngineSource {
  return {
    current: () => Promise.resolve(engine),
    rules: () => rules,
    problems: () => [],
    reload: () => Promise.resolve(),
    refresh: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}

async function probe(engine: Engine, from: string, drafts: readonly string[] = DRAFTS) {
  const acts: AuditAct[] = [];
  let counted = 0;
  const append = async (act: AuditAct) => void acts.push(act);
  const alarm = { audit: { append }, log: silentLog, count: () => (counted += 1) };
  const watched = await watchProbing(sourceOf(engine), alarm).current();
  const answers: string[] = [];
  for (const text of drafts) {
    const request = { kind: 'draft', name: 'draft.txt', now: BEFORE_LIFT, publishAt: null } as const;
    const source = memorySource(Buffer.from(text));
    const { judgement } = await watched.judge({ ...request, source, parties: { from, to: [] } });
    const seen = viewFindings(judgement, engine.registers, { kind: 'sender' });
    answers.push(JSON.stringify({ ...judgement, findings: seen }));
  }
  await new Promise((resolve) => setImmediate(resolve));
  return { acts, counted, answers };
}

it('is answered the same for each figure, right or wrong, before the alert and after it', async () => {
  const { answers } = await probe(engineOver(4.9), AUTHOR);
  expect(new Set(answers).size).toBe(1);
  expect((await probe(engineOver(9.4), AUTHOR)).answers).toEqual(answers);
});

it.each([
  ['one of them right', 4.9],
  ['none of them right', 9.4],
])('is told to reviewers once, without a figure: %s', async (_what, unemployment) => {
  const { acts, counted } = await probe(engineOver(unemployment), AUTHOR);
  const act = { actor: 'holdfast', action: 'probing.suspected', target: 'labour-market', detail: { author: AUTHOR } };
  expect(acts).toEqual([act]);
  expect(counted).toBe(1);
});

it('is no alert where the author has access, or writes one draft again and again', async () => {
  expect((await probe(engineOver(4.9), 'Analyst@department.example')).acts).toEqual([]);
  const growing = DRAFTS.map((_, index) => DRAFTS.slice(0, index + 1).join(' '));
  expect((await probe(engineOver(4.9), AUTHOR, growing)).acts).toEqual([]);
  expect(
    (
      await probe(
        engineOver(4.9),
        AUTHOR,
        DRAFTS.map(() => DRAFTS[0] ?? ''),
      )
    ).acts,
  ).toEqual([]);
});

it('stands on the reviewer’s page, and on none of the author’s', async () => {
  const service = new FakeService();
  const act = {
    actor: 'holdfast',
    action: 'probing.suspected',
    target: 'labour-market-2016-01',
    detail: { author: AUTHOR },
  };
  service.acts.push({ ...act, action: 'probing.suspected', seq: 99, at: BEFORE_LIFT, actorName: null });
  const web = await startWeb({ service });
  const visitor = new Visitor(web.origin);
  await visitor.signIn('admin');
  const pageAt = async (path: string) => (await visitor.get(path)).text();
  expect(await pageAt('/review')).toContain(`${AUTHOR}</bdi> put several figures of`);
  expect(await pageAt('/check')).not.toContain('several figures');
  await web.close();
});
