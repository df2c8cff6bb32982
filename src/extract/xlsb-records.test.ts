import fc from 'fast-check';
import { xlsbStrings } from './xlsb-records.ts';

const wide = (text: string): Buffer => {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(text.length);
  return Buffer.concat([count, Buffer.from(text, 'utf16le')]);
};
const record = (type: number, ...data: Buffer[]): Buffer => {
  const bytes = Buffer.concat(data);
  const head = type < 0x80 ? [type] : [(type & 0x7f) | 0x80, type >> 7];
  return Buffer.concat([Buffer.from([...head, (bytes.length & 0x7f) | 0x80, bytes.length >> 7]), bytes]);
};
const none = Buffer.from('ffffffff', 'hex');

describe('the strings of a binary sheet beside its cells', () => {
  it.each([
    [
      'headers and footers without their codes',
      record(479, Buffer.from([4, 0]), wide('&L&"Arial,Bold"Left &RRight'), none, wide('&CEven')),
      'Left \tRight\nEven',
    ],
    [
      'a link’s words',
      record(494, Buffer.alloc(16), wide('rId4'), wide('Sheet2!A1'), wide('See the rates')),
      'Sheet2!A1\nSee the rates',
    ],
    [
      'the choices of a validation',
      record(64, Buffer.alloc(7), wide('Pick one'), Buffer.from('\x17\x0a\0'), Buffer.from('Rent,Owned', 'utf16le')),
      'Pick one\nRent,Owned',
    ],
    ['words in any script', record(2071, wide('C:\\データ\\')), 'C:\\データ\\'],
  ])('has %s', (_, bytes, expected) => {
    expect(xlsbStrings(bytes)).toBe(expected);
  });

  it('leaves the cells to the reader of cells', () => {
    expect(xlsbStrings(Buffer.concat([record(6, Buffer.alloc(8), wide('a cell')), record(600, wide('a note'))]))).toBe(
      'a note',
    );
  });

  it('reads what stands before a cut, and never fails', () => {
    const whole = Buffer.concat([record(600, wide('before')), record(600, wide('after'))]);
    expect(xlsbStrings(whole.subarray(0, whole.length - 3))).toBe('before');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof xlsbStrings(Buffer.from(bytes))).toBe('string');
      }),
    );
  });
});
