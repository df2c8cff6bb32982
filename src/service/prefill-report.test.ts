import { anEmbargo, FAKE_LIFT } from '../../test/fakes/fake-service.ts';
import { prefillReport } from './prefill-report.ts';
import type { RecipientState } from './review-record.ts';
import type { MessageView } from './service.ts';

const MINUTE = 60_000;
const release = anEmbargo();
const registers = { embargoes: [release], sensitivity: [] };

function natureOf(settled: readonly (number | null)[]): string {
  const view = {
    id: 'm',
    receivedAt: FAKE_LIFT - 3 * 60 * MINUTE,
    envelope: { from: 'press@department.example', to: [] },
    findings: [{ entry: release.id, summary: 'Says which way.' }],
  } as unknown as MessageView;
  const recipients = settled.map(
    (settledAt, index): RecipientState => ({
      address: `${index}@paper.example`,
      state: settledAt === null ? 'due' : 'delivered',
      settledAt,
      reply: null,
    }),
  );
  return prefillReport(view, recipients, registers, FAKE_LIFT).nature;
}

it.each([
  ['eight minutes', [FAKE_LIFT - 8 * MINUTE, FAKE_LIFT], 'It left 8 minutes before'],
  ['a minute at least', [FAKE_LIFT - 1], 'It left 1 minute before'],
  ['hours', [FAKE_LIFT - 31 * 60 * MINUTE], 'It left 31 hours before'],
])('a report begins with how long before the lift the message left: %s', (_what, settled, words) => {
  expect(natureOf(settled)).toContain(words);
});

it.each([
  ['a message that left after the lift', [FAKE_LIFT + 1], 'It was delivered to one person'],
  ['a message that has not left', [null], 'delivered to nobody'],
])('a report on %s does not say that it left before', (_what, settled, words) => {
  expect(natureOf(settled)).toContain(words);
  expect(natureOf(settled)).not.toContain('It left');
});
