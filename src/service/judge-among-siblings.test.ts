import type { StoredMessage } from '../core/message.ts';
import type { Engine, ScanReport } from '../scan/engine.ts';
import { amongSiblings } from './judge-among-siblings.ts';

const message = (change: Partial<StoredMessage>): StoredMessage => ({
  id: '01h8xgjh',
  kind: 'email',
  state: 'scanning',
  receivedAt: 0,
  publishAt: null,
  envelope: { from: '', to: ['a@one.example'] },
  messageId: '<01h8xgjh@gateway.example>',
  bytes: 1,
  judgement: null,
  rulesVersion: null,
  releaseAtLift: false,
  ...change,
});

const judgement = { verdict: 'pass', holdUntil: null, effectiveAt: 0, findings: [], incomplete: [] } as const;
const report: ScanReport = {
  judgement,
  opened: {
    parts: ['body', 'report'].map((path) => ({
      path,
      type: 'message/delivery-status',
      bytes: 1,
      content: { kind: 'text', role: 'document', text: 'x' },
    })),
    headers: null,
  },
  parties: { from: '', to: ['a@one.example'] },
  rulesVersion: 'r',
};

async function wasCompared(change: Partial<StoredMessage>): Promise<boolean> {
  let asked = false;
  const engine: Engine = {
    registers: { embargoes: [], sensitivity: [] },
    rulesVersion: 'r',
    judge: async () => report,
    inBatch: () => {
      asked = true;
      return { judgement, waitMs: null, seen: 0 };
    },
  };
  await amongSiblings(message(change), report, engine, {
    siblings: async () => ({ judged: [], unjudged: 0, own: null }),
  });
  return asked;
}

test.each<[string, Partial<StoredMessage>, boolean]>([
  ['a delivery notice of ours is not', {}, false],
  ['a bounce of another system is', { messageId: '<20160120@mta.example>' }, true],
  ['what only claims to be ours is', { messageId: '<01h8xgjj@gateway.example>' }, true],
  ['what has a sender is', { envelope: { from: 'b@one.example', to: ['a@one.example'] } }, true],
])('%s compared with its siblings', async (_, change, expected) => {
  expect(await wasCompared(change)).toBe(expected);
});
