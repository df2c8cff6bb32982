import fc from 'fast-check';
import type { AttachmentSummary } from './attachment-summary.ts';
import { findOddOnes, type Sibling } from './batch.ts';

const THRESHOLDS = { batchWindowMinutes: 60, batchLeast: 3, batchShare: 0.8, batchSizeFactor: 8 };
const START = Date.parse('2017-07-19T09:00:00Z');

function anErrorLog(at: number, changes: Partial<AttachmentSummary> = {}): AttachmentSummary {
  return {
    path: `errors-${at}.csv`,
    words: ['errors', 'csv'],
    type: 'text/csv',
    bytes: 2000 + at * 700,
    schema: ['field', 'landlord', 'message', 'record'],
    ...changes,
  };
}

const records: AttachmentSummary = {
  path: 'core.xlsx',
  words: ['core', 'xlsx'],
  type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  bytes: 9_000_000,
  schema: ['age1', 'postcode', 'referral', 'sex1'],
};

function aMail(at: number, attachments: readonly AttachmentSummary[], changes: Partial<Sibling> = {}): Sibling {
  return {
    id: `mail-${at}`,
    sender: 'Quality <quality@department.example>',
    subject: `CORE 2016/17: errors to correct, batch ${at} of 6`,
    at: START + at * 300_000,
    attachments,
    sensitive: [],
    ...changes,
  };
}

const logs = [1, 2, 3, 4, 5].map((at) => aMail(at, [anErrorLog(at)]));
const odd = aMail(6, [records]);
const ids = (siblings: readonly Sibling[]) => [...findOddOnes(siblings, THRESHOLDS).keys()];

describe('the odd one in a batch', () => {
  it('is the mail with another file, and only that', () => {
    expect(ids([...logs, odd])).toEqual(['mail-6']);
    expect(findOddOnes([...logs, odd], THRESHOLDS).get('mail-6')).toMatchObject({
      detector: 'batch',
      path: 'core.xlsx',
      entry: null,
    });
  });

  it('is found where several batches go out under like subjects', () => {
    const kinds = ['north', 'south', 'tenure', 'rents', 'voids', 'repairs'];
    const mails = Array.from({ length: 36 }, (_, at) => {
      const words = [kinds[at % 6] ?? '', 'errors', 'log'];
      const type = at % 2 === 0 ? 'text/csv' : 'application/pdf';
      const schema = at % 2 === 0 ? [`${kinds[at % 6]}-field`, 'landlord'] : [];
      return aMail(at + 10, [anErrorLog(1, { words, type, schema, bytes: 1000 * 20 ** (at % 3) })]);
    });
    expect(ids(mails)).toEqual([]);
    expect(ids([...mails, odd])).toEqual(['mail-6']);
  });

  it('does not depend on the order of arrival', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...logs, odd], { minLength: 6 }), (shuffled) => {
        expect(ids(shuffled)).toEqual(['mail-6']);
      }),
    );
  });

  it.each([
    ['logs alone', logs],
    ['two mails', [aMail(1, [anErrorLog(1)]), odd]],
    [
      'logs named after their landlords',
      logs.map((mail, at) => ({
        ...mail,
        attachments: [anErrorLog(at, { words: [`landlord${at}`], bytes: 400 * 9 ** at })],
      })),
    ],
    [
      'files all different',
      [
        odd,
        aMail(2, [anErrorLog(2)]),
        aMail(3, [{ ...records, words: ['minutes'], type: 'application/pdf', schema: [] }]),
      ],
    ],
    ['another sender', [...logs, { ...odd, sender: 'other@department.example' }]],
    ['another subject', [...logs, { ...odd, subject: 'Lunch' }]],
    ['another hour', [...logs, { ...odd, at: START + 4 * 3_600_000 }]],
    ['a mail without attachments among them', [...logs, { ...odd, attachments: [] }]],
    [
      'letters of one kind',
      [1, 2, 3].map((at) =>
        aMail(at, [
          { path: `${at}`, words: ['letter', `name${at}`], type: 'application/pdf', bytes: 5000, schema: [] },
        ]),
      ),
    ],
  ])('is nobody among %s', (_, siblings) => {
    expect(ids(siblings)).toEqual([]);
  });

  it.each([
    ['the same name and type, other columns', anErrorLog(6, { schema: records.schema, bytes: 90_000 })],
    ['no table among tables', { ...anErrorLog(6), schema: [], type: 'application/pdf' }],
  ])('is found by %s', (_, file) => {
    expect(ids([...logs, aMail(6, [file])])).toEqual(['mail-6']);
  });

  it('is found by its findings though everything else is alike', () => {
    const alike = aMail(6, [anErrorLog(6)], { sensitive: ['errors-6.csv'] });
    expect(ids([...logs, alike])).toEqual(['mail-6']);
  });

  it('is found beside the usual file', () => {
    expect(ids([...logs, aMail(6, [anErrorLog(6), records])])).toEqual(['mail-6']);
  });
});
