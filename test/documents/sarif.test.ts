import { readFileSync } from 'node:fs';
import { sarifLog } from '../../src/cli/print-sarif.ts';
import type { Judgement } from '../../src/core/verdict.ts';
import { schemaFaults } from './json-schema.ts';

// OASIS' schema of SARIF 2.1.0, without its descriptions.
const schema = JSON.parse(readFileSync(new URL('./sarif-2.1.0.schema.json', import.meta.url), 'utf8'));
const registers = { embargoes: [], sensitivity: [] };
const NOW = Date.parse('2016-01-20T09:15:00Z');
const text = 'The news.\nOut tomorrow: record\nemployment!\n';

const judgement: Judgement = {
  verdict: 'hold',
  holdUntil: NOW + 900_000,
  effectiveAt: NOW,
  findings: [
    {
      detector: 'direction',
      rule: 'record-level-of-measure',
      entry: 'labour-market-2016-01',
      path: 'body',
      span: { start: text.indexOf('record'), end: text.indexOf('!') },
      severity: 'high',
      summary: 'Says that a measure under embargo is at a record.',
      insight: 'equals the embargoed figure',
    },
    {
      detector: 'figure',
      rule: 'value-of-measure',
      entry: null,
      path: 'body › table',
      span: { start: 3, end: 9 },
      severity: 'low',
      summary: 'Gives a figure.',
    },
  ],
  incomplete: [{ path: 'a b.zip › x.xlsx', reason: 'encrypted' }],
};

function aLog(path = 'site/über uns/post #1.md', isComplete = true) {
  const files = [{ path, judgement, text }];
  return JSON.parse(sarifLog(files, registers, { kind: 'owner' }, { version: '0.1.0', isComplete }));
}

test.each([
  ['findings and incomplete parts', () => aLog()],
  ['an absolute path', () => aLog('/srv/a b/c%d.txt')],
  [
    'nothing at all',
    () => JSON.parse(sarifLog([], registers, { kind: 'sender' }, { version: '1.0.0', isComplete: false })),
  ],
])('the log of %s is SARIF 2.1.0 by its own schema', (_what, log) => {
  expect(schemaFaults(log(), schema)).toEqual([]);
});

test('the check finds what is not SARIF', () => {
  const log = aLog();
  log.runs[0].results[0].level = 'fatal';
  log.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
  log.runs[0].tool.driver.colour = 'red';
  expect(schemaFaults(log, schema)).toHaveLength(3);
});

test('a finding in a draft has its lines and columns, one elsewhere the part that it is in', () => {
  const [first, second] = aLog().runs[0].results;
  expect(first.locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'site/%C3%BCber%20uns/post%20%231.md', index: 0 },
    region: { startLine: 2, startColumn: 15, endLine: 3, endColumn: 11 },
  });
  expect(second.locations[0].physicalLocation.region).toEqual({ startLine: 1 });
  expect(second.locations[0].logicalLocations).toEqual([{ fullyQualifiedName: 'body › table' }]);
});

test('rules are found by their index, severities become levels, and what could not be looked at is an error', () => {
  const { results, tool } = aLog().runs[0];
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
  expect(results.map(({ level }: { level: string }) => level)).toEqual(['error', 'note', 'error']);
  expect(results[2].ruleId).toBe('incomplete/encrypted');
  expect(aLog('x', false).runs[0].invocations).toEqual([{ executionSuccessful: false }]);
});

test('it has neither content nor insight, not even for a reviewer', () => {
  expect(JSON.stringify(aLog())).not.toMatch(/employment!|equals|insight/);
});
