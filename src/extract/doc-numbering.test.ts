import { describe, expect, it } from '@jest/globals';
import { DocNumbering } from './doc-numbering.ts';

/** A level of a list ([MS-DOC] 2.9.150): what it starts at, its format, its text. */
function level(start: number, format: number, text: string): Buffer {
  const head = Buffer.alloc(28 + 2);
  head.writeInt32LE(start, 0);
  head[4] = format;
  head.writeUInt16LE(text.length, 28);
  return Buffer.concat([head, Buffer.from(text, 'utf16le')]);
}

const nine = (...levels: readonly Buffer[]): Buffer =>
  Buffer.concat([...levels, ...Array.from({ length: 9 - levels.length }, () => level(1, 0, ''))]);

/** The numbers of paragraphs, each of a use and a level. `starts`: what a second use of the list begins its first level with. */
function numbers(levels: Buffer, paragraphs: readonly (readonly [number, number])[], starts?: number): string[] {
  const list = Buffer.alloc(2 + 28);
  list.writeUInt16LE(1, 0);
  list.writeInt32LE(77, 2);
  const count = starts === undefined ? 1 : 2;
  const uses = Buffer.alloc(4 + 16 * count + 4 * count + (starts === undefined ? 0 : 8));
  uses.writeUInt32LE(count, 0);
  for (let each = 0; each < count; each += 1) uses.writeInt32LE(77, 4 + 16 * each);
  if (starts !== undefined) {
    uses[4 + 16 + 12] = 1;
    uses.writeInt32LE(starts, 4 + 32 + 8);
    uses.writeUInt32LE(0x10, 4 + 32 + 12);
  }
  const numbering = new DocNumbering(Buffer.concat([list, levels]), 0, list.length, uses);
  return paragraphs.map(([use, at]) => numbering.next(use, at));
}

describe('a numbered list of a Word document', () => {
  it('counts each level anew below the one above it', () => {
    const levels = nine(level(1, 0, '\x00)'), level(1, 4, '\x01.'), level(1, 1, '\x00.\x01.\x02'));
    const paragraphs = [0, 1, 1, 2, 2, 0, 1].map((at) => [1, at] as const);
    expect(numbers(levels, paragraphs)).toEqual(['1)', 'a.', 'b.', '1.b.I', '1.b.II', '2)', 'a.']);
  });

  it.each([
    [0, ['9', '10', '11']],
    [1, ['IX', 'X', 'XI']],
    [2, ['ix', 'x', 'xi']],
    [3, ['I', 'J', 'K']],
    [4, ['i', 'j', 'k']],
    [5, ['9th', '10th', '11th']],
    [22, ['09', '10', '11']],
    [23, ['', '', '']],
  ])('shows its numbers in format %i', (format, expected) => {
    expect(
      numbers(
        nine(level(9, format, '\x00')),
        [1, 1, 1].map((use) => [use, 0] as const),
      ),
    ).toEqual(expected);
  });

  it('begins anew with a use that says so', () => {
    const paragraphs = [1, 1, 2, 2, 1].map((use) => [use, 0] as const);
    expect(numbers(nine(level(1, 0, '\x00.')), paragraphs, 5)).toEqual(['1.', '2.', '5.', '6.', '7.']);
  });

  it('that no table knows has no numbers', () => {
    expect(
      numbers(nine(level(1, 0, '\x00.')), [
        [9, 0],
        [1, 12],
      ]),
    ).toEqual(['', '']);
  });
});
