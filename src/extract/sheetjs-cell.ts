import type * as SheetJs from '@e965/xlsx';
import { readNumberFormat, showGeneral } from './number-format.ts';

/** Errors by their codes in BIFF, which the text formats share ([MS-XLS] 2.5.10). */
const ERRORS: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
  43: '#GETTING_DATA',
};

/** A cell as shown; a format that shows nothing does not hide the value from whoever opens the file. */
export function showCell(cell: SheetJs.CellObject, date1904: boolean): string {
  const { v: value, w: shown = '' } = cell;
  if (cell.t === 'e') return shown === '' ? (ERRORS[Number(value)] ?? '#ERROR!') : shown;
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return shown === '' ? String(value).toUpperCase() : shown;
  if (typeof value === 'number') {
    if (cell.z === undefined || cell.z === 'General') return showGeneral(value);
    const own = shown === '' ? showByFormat(value, String(cell.z), date1904) : shown;
    return own.trim() === '' ? String(value) : own;
  }
  if (value instanceof Date) return shown.trim() === '' ? value.toISOString() : shown;
  return shown.trim() === '' ? String(value) : shown;
}

function showByFormat(value: number, format: string, date1904: boolean): string {
  // SheetJS writes the locale's own day as an American one.
  return readNumberFormat(format === 'm/d/yy' ? 'yyyy-mm-dd' : format, date1904).show(value);
}
