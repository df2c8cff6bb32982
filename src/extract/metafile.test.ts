import { memorySource } from '../core/byte-source.ts';
import { Budget, DEFAULT_LIMITS } from './budget.ts';
import { metafile } from './metafile.ts';

/** One EXTTEXTOUTW record: a run at a place, each letter ten units wide. */
function run(text: string, x: number, y: number): Buffer {
  const size = 76 + 2 * text.length + (text.length % 2) * 2 + 4 * text.length;
  const record = Buffer.alloc(size);
  const widths = size - 4 * text.length;
  record.writeUInt32LE(84, 0);
  record.writeUInt32LE(size, 4);
  record.writeInt32LE(x, 36);
  record.writeInt32LE(y, 40);
  record.writeUInt32LE(text.length, 44);
  record.writeUInt32LE(76, 48);
  record.writeUInt32LE(widths, 72);
  record.write(text, 76, 'utf16le');
  for (let at = 0; at < text.length; at++) record.writeUInt32LE(10, widths + 4 * at);
  return record;
}

function svmAction(kind: number, version: number, ...data: Buffer[]): Buffer {
  const bytes = Buffer.concat(data);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(kind, 0);
  head.writeUInt16LE(version, 2);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

const count = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
const head = Buffer.concat([Buffer.from('VCLMTF'), count(1), Buffer.from([4, 0, 0, 0]), Buffer.alloc(4)]);

async function textOf(type: string, bytes: Buffer): Promise<string> {
  const budget = new Budget(DEFAULT_LIMITS, () => 0);
  const part = { path: 'a', name: null, type, declaredType: null, source: memorySource(bytes) };
  for await (const piece of metafile.extract(part, { budget, everyCell: false, passwords: [] }))
    if (piece.kind === 'text') return piece.text;
  return '';
}

describe('what a metafile draws', () => {
  it.each([
    ['a word in two runs', [run('Employ', 0, 5), run('ment', 60, 5)], 'Employment'],
    ['words with a gap between', [run('rate', 0, 5), run('was', 50, 5)], 'rate was'],
    ['lines below each other', [run('rate', 0, 5), run('74.0', 40, 25)], 'rate\n74.0'],
    ['a run that goes back on its line', [run('second', 100, 5), run('first', 0, 5)], 'second\nfirst'],
  ])('is read: %s', async (_, records, expected) => {
    expect(await textOf('image/emf', Buffer.concat(records))).toBe(expected);
  });

  it.each([
    [
      'in Unicode',
      svmAction(113, 2, Buffer.alloc(8), count(2), Buffer.from('??'), count(4), Buffer.from('Größ', 'utf16le')),
      'Größ',
    ],
    ['in bytes', svmAction(112, 1, Buffer.alloc(8), count(5), Buffer.from('words'), Buffer.alloc(4)), 'words'],
    ['and nothing of other actions', svmAction(512, 1, count(4), Buffer.from('XTEXT_EOC')), ''],
  ])('is read from a StarView metafile %s', async (_, action, expected) => {
    expect(await textOf('image/x-svm', Buffer.concat([head, action]))).toBe(expected);
  });
});
