import { randomBytes } from 'node:crypto';
import { loadRuleFolder, SHIPPED_RULES } from '../../src/cli/load-engine.ts';
import type { EmbargoEntry } from '../../src/core/entry.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import type { KeptMessage } from '../../src/service/stores.ts';
import { createTrialDesk, type TrialDeskDeps } from '../../src/service/trial-desk.ts';
import { aCaller } from '../services/a-service.ts';

const NOW = Date.parse('2016-01-20T09:22:00Z');
const entry = {
  id: 'labour-market-2016-01',
  status: 'scheduled',
  from: NOW - 86_400_000,
  until: NOW + 480_000,
  preRelease: { opens: NOW - 3_600_000, access: [{ email: 'analyst@department.example', role: null, declared: null }] },
  custodians: [],
  figures: [],
  subjects: [],
} as unknown as EmbargoEntry;

function aMessage(id: string, about: string | null): KeptMessage {
  const finding = { detector: 'direction', rule: 'r', entry: about, path: 'body', span: null, severity: 'high' };
  const findings = about === null ? [] : [{ ...finding, summary: 'A direction.', weight: 'embargoed' }];
  return {
    id,
    kind: 'draft',
    name: null,
    receivedAt: NOW,
    publishAt: null,
    envelope: { from: 'press@department.example', to: [] },
    bytes: 10,
    hasContent: true,
    judgement: { verdict: 'pass', holdUntil: null, effectiveAt: NOW, findings, incomplete: [] },
  } as unknown as KeptMessage;
}

it.each([
  ['without access', null, { judged: 1, leftOut: 1 }, ['passed']],
  ['with access', 'analyst@department.example', { judged: 2, leftOut: 0 }, ['passed', 'held']],
])(
  'a registrar %s tries rules on what they may know alone: rules ask a mail one word after another',
  async (_who, address, counts, opened) => {
    const rules = await loadRuleFolder(SHIPPED_RULES);
    const read: string[] = [];
    const desk = createTrialDesk({
      messages: {
        list: async () => [aMessage('passed', null), aMessage('held', entry.id)],
        source: async (id: string) => {
          read.push(id);
          return null;
        },
      },
      engines: {
        current: async () => ({ registers: { embargoes: [entry], sensitivity: [] } }),
        rules: () => rules,
      },
      tryRules: async () => ({ ok: true, value: rules }),
      open: async () => ({ parts: [], incomplete: [], headers: null }),
      audit: { append: async () => {} },
      keys: ephemeralKeyRing(randomBytes(32)),
      now: () => NOW,
    } as unknown as TrialDeskDeps);
    const change = { kind: 'rules', path: 'subjects/made-up.yaml', text: 'made up', tests: [] } as const;
    const outcome = await desk.tryChange(change, aCaller(['registrar'], address, 'user:registrar'));
    expect(outcome).toMatchObject({ ok: true, value: counts });
    expect(read).toEqual(opened);
  },
);
