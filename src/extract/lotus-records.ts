/** Types that are read as Lotus 1-2-3 files, with records of one shape. */
export const LOTUS: ReadonlySet<string> = new Set(['application/vnd.lotus-1-2-3', 'application/x-quattro-pro']);

/** A cell's place and a byte of content; SheetJS reads on without end in a cell that is shorter. */
const LEAST_CELL = 6;

/** Whether the records of a Lotus file lie in it, one after the other, and its cells have room for their places. */
export function hasSoundRecords(file: Buffer): boolean {
  for (let at = 0; at + 4 <= file.length; ) {
    const type = file.readUInt16LE(at);
    const length = file.readUInt16LE(at + 2);
    if (type === 1) return true;
    if (at + 4 + length > file.length) return false;
    const isCell = (type >= 0x0d && type <= 0x10) || (type >= 0x16 && type <= 0x19) || type === 0x33;
    if (isCell && length < LEAST_CELL) return false;
    at += 4 + length;
  }
  return true;
}
