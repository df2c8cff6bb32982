import { memorySource } from '../core/byte-source.ts';
import type { Finding } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Judgement } from '../core/verdict.ts';
import type { ScanReport } from './engine.ts';
import { judgeEarly } from './judge-early.ts';

const FINDING: Finding = {
  detector: 'record-level',
  rule: 'people',
  entry: null,
  path: 'a.csv',
  span: null,
  severity: 'high',
  summary: 'people',
};
const UNREAD: OpenedMessage['parts'][number] = {
  path: 'a.csv › rest',
  type: 'text/csv',
  bytes: 0,
  content: { kind: 'incomplete', reason: 'too-large', detail: 'a quick look' },
};

function reportOf(findings: readonly Finding[], opened: OpenedMessage): ScanReport {
  const judgement: Judgement = {
    verdict: findings.length > 0 || opened.parts.length > 0 ? 'hold' : 'pass',
    holdUntil: null,
    effectiveAt: 0 as Judgement['effectiveAt'],
    findings,
    incomplete: [],
  };
  return { judgement, opened, parties: { from: null, to: [] }, rulesVersion: 'r' };
}

/** An opener whose quick look finds some rows and leaves others unread. */
async function judge(size: number, quick: readonly Finding[], full: readonly Finding[]) {
  const heard: Judgement[] = [];
  const looks: boolean[] = [];
  const report = await judgeEarly(
    { kind: 'file', name: 'a.csv', source: { ...memorySource(new Uint8Array()), size } },
    {
      open: async ({ firstRows }) => {
        looks.push(firstRows !== undefined);
        return { parts: firstRows === undefined ? [] : [UNREAD], headers: null };
      },
      judge: async (opened) => reportOf(looks.at(-1) === true ? quick : full, opened),
      judgeAgain: (before, added) => reportOf([...before.judgement.findings, ...added], before.opened).judgement,
      tell: (early) => heard.push(early),
    },
  );
  return { heard, looks, report };
}

describe('judging by the first rows', () => {
  it('tells of a hold before the rest is read', async () => {
    const { heard, looks, report } = await judge(5e6, [FINDING], [FINDING]);
    expect(heard).toMatchObject([{ verdict: 'hold', findings: [FINDING] }]);
    expect(looks).toEqual([true, false]);
    expect(report.judgement.findings).toEqual([FINDING]);
  });

  it('says nothing where all that speaks against a message is what was not read', async () => {
    const { heard, report } = await judge(5e6, [], []);
    expect(heard).toEqual([]);
    expect(report.judgement.verdict).toBe('pass');
  });

  it('takes no hold back because the rest is harmless', async () => {
    const { report } = await judge(5e6, [FINDING], []);
    expect(report.judgement).toMatchObject({ verdict: 'hold', findings: [FINDING] });
  });

  it('opens a small message once', async () => {
    expect((await judge(5e5, [FINDING], [FINDING])).looks).toEqual([false]);
  });
});
