import type { Sibling } from '../detect/batch.ts';
import type { MessageView } from './service.ts';
import { viewBatch } from './view-batch.ts';

const rules = { thresholds: { batchWindowMinutes: 60 } };
const sender = 'quality@department.example';

function aSibling(id: string, subject = 'Errors to correct'): Sibling {
  const file = { path: `${id}.csv`, words: [], type: 'text/csv', bytes: 2000, schema: [] };
  return { id, sender, subject, at: Number(id), attachments: [file], sensitive: [] };
}

function aView(id: string, change: Partial<MessageView> = {}): MessageView {
  return {
    id,
    kind: 'email',
    state: 'held',
    verdict: 'hold',
    holdUntil: null,
    effectiveAt: 0,
    receivedAt: Number(id),
    envelope: { from: sender, to: [`r${id}@landlord.example`] },
    messageId: null,
    subject: 'Errors to correct',
    findings: [],
    incomplete: [],
    mayReveal: true,
    ...change,
  };
}

async function shown(own: Partial<MessageView> = {}, other: Partial<MessageView> = {}) {
  const siblings = {
    own: aSibling('5'),
    judged: [aSibling('7'), aSibling('3'), aSibling('4', 'Lunch')],
    unjudged: 0,
  };
  const view = async (id: string) => aView(id, id === '5' ? own : other);
  return (await viewBatch('5', { siblings: async () => siblings }, view, rules)).map(({ id }) => id);
}

describe('who got which file', () => {
  it('are the mails of the batch, oldest first, and not others of the sender', async () => {
    expect(await shown()).toEqual(['3', '7']);
  });

  it('tells their files and recipients', async () => {
    const siblings = { own: aSibling('5'), judged: [aSibling('3')], unjudged: 0 };
    const batch = await viewBatch('5', { siblings: async () => siblings }, async (id) => aView(id), rules);
    expect(batch).toEqual([
      { id: '3', at: 3, state: 'held', to: ['r3@landlord.example'], files: [{ name: '3.csv', bytes: 2000 }] },
    ]);
  });

  it.each([
    ['who may not open the message', { mayReveal: false }, {}],
    ['of a draft', { kind: 'draft' as const }, {}],
    ['who may not know what the others are about', {}, { subject: null }],
  ])('is told to nobody %s', async (_, own, other) => {
    expect(await shown(own, other)).toEqual([]);
  });
});
