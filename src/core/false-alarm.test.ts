import fc from 'fast-check';
import { type FalseAlarm, falseAlarmsOf, passageOf } from './false-alarm.ts';
import type { Finding } from './finding.ts';
import type { OpenedMessage } from './part.ts';
import { decide, type Policy } from './policy.ts';

const NOW = Date.parse('2016-01-20T09:00:00Z');
const TEXT = 'Dear all,\n\nplease fill in the Record  employment form\nby noon.\n\nRegards';

function aMessage(text: string): OpenedMessage {
  const table = {
    name: 'a.csv',
    rows: 9,
    columns: 2,
    header: ['NAME', 'ROOM'],
    hidden: false,
    sample: [],
    profiles: [],
  };
  return {
    headers: null,
    parts: [
      { path: 'body', type: 'text/plain', bytes: 1, content: { kind: 'text', role: 'body', text } },
      { path: 'a.csv', type: 'text/csv', bytes: 1, content: { kind: 'table', table, text: 'NAME\tROOM' } },
    ],
  };
}

function aFinding(change: Partial<Finding> = {}, text = TEXT): Finding {
  const start = text.indexOf('Record');
  return {
    detector: 'direction',
    rule: 'record-level-of-measure',
    entry: null,
    path: 'body',
    span: { start, end: start + 6 },
    severity: 'high',
    summary: 'Says which way.',
    weight: 'unregistered',
    ...change,
  };
}

const alarm: FalseAlarm = {
  id: 'fa-1',
  detector: 'direction',
  rule: 'record-level-of-measure',
  entry: null,
  anyEntry: false,
  sender: '*@department.example',
  passage: 'please fill in the record employment form by noon.',
  until: NOW + 1000,
};
const policy: Policy = {
  quietPeriod: 'hold',
  incomplete: 'hold',
  unregisteredSensitive: 'hold',
  unregisteredPlain: 'hold',
  attributed: 'hold',
  detectors: {},
};

function marked(finding: Finding, change: Partial<FalseAlarm> = {}, text = TEXT, sender = 'press@department.example') {
  const alarms = { list: [{ ...alarm, ...change }], matches: (passage: string, digest: string) => passage === digest };
  return falseAlarmsOf(sender, NOW, alarms)?.(finding, aMessage(text)) ?? undefined;
}

describe('a false alarm', () => {
  it('is of one paragraph, however it is wrapped and written', () => {
    expect(marked(aFinding())).toBe('fa-1');
    const wrapped = TEXT.replace('Record  employment form\nby', 'RECORD employment\nform by');
    expect(marked(aFinding({ span: { start: 34, end: 40 } }, wrapped), {}, wrapped)).toBe('fa-1');
  });

  it.each([
    ['other words in the paragraph', aFinding(), {}, TEXT.replace('by noon', 'up again')],
    ['another rule', aFinding({ rule: 'other' }), {}, TEXT],
    ['another release', aFinding({ entry: 'gdp' }), {}, TEXT],
    ['an end that has come', aFinding(), { until: NOW }, TEXT],
    ['another organisation', aFinding(), { sender: '*@other.example' }, TEXT],
    ['a registered dataset', aFinding({ weight: 'protected' }), {}, TEXT],
    ['recipients', aFinding({ detector: 'recipients' }), { detector: 'recipients' as const }, TEXT],
    ['a copy of what is registered', aFinding({ detector: 'fingerprint' }), { detector: 'fingerprint' as const }, TEXT],
    ['a paragraph of ten thousand characters', aFinding(), {}, TEXT.replace('by noon', 'by noon'.repeat(1500))],
    ['a place in no part', aFinding({ path: 'gone' }), {}, TEXT],
  ])('is none with %s', (_what, finding, change, text) => {
    expect(marked(finding, change, text)).toBeUndefined();
  });

  it('of any release covers the next one too', () => {
    expect(marked(aFinding({ entry: 'gdp' }), { anyEntry: true })).toBe('fa-1');
  });

  it('of a table is of its header, and of a cell of its row', () => {
    const header = aFinding({ detector: 'record-level', path: 'a.csv', span: null });
    expect(passageOf(header, aMessage(TEXT))).toBe('name room');
    const cell = aFinding({ path: 'a.csv', span: { start: 5, end: 9 } });
    expect(passageOf(cell, aMessage(TEXT))).toBe('name room');
  });

  it('lets go with a record, says so once, and changes nothing else', () => {
    const parties = { from: 'press@department.example', to: ['a@b.example'] };
    const none = { embargoes: [], sensitivity: [] };
    const judge = (findings: readonly Finding[]) =>
      decide({ findings, incomplete: [], parties, effectiveAt: NOW }, none, policy);
    expect(judge([aFinding()]).verdict).toBe('hold');
    const excused = judge([{ ...aFinding(), falseAlarm: 'fa-1' }]);
    expect(excused.verdict).toBe('flag');
    expect(excused.findings[0]?.summary).toMatch(/^Says which way\. Two people took exactly this for a false alarm/);
    expect(judge(excused.findings).findings).toEqual(excused.findings);
    expect(judge([...excused.findings, aFinding()]).verdict).toBe('hold');
    const part = { path: 'a.zip', reason: 'encrypted' } as const;
    const evidence = { findings: excused.findings, incomplete: [part], parties, effectiveAt: NOW };
    expect(decide(evidence, none, policy).verdict).toBe('hold');
  });

  it('is of what stands between blank lines, wherever they are', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t', '\n', '\n'), maxLength: 30 });
    fc.assert(
      fc.property(letters, letters, letters, (before, found, after) => {
        const span = { start: before.length, end: before.length + found.length };
        const border = /\n[^\S\n]*\n/;
        const whole = `${before.split(border).at(-1)}${found}${after.split(border)[0]}`;
        const passage = passageOf(aFinding({ span }), aMessage(before + found + after));
        expect(passage ?? '').toBe(whole.replaceAll(/\s+/g, ' ').trim());
      }),
    );
  });
});
