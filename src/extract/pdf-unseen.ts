import { joinRuns, knownLetters, type PdfRun } from './pdf-lines.ts';
import type { PdfOperators, PdfPage } from './pdf-text.ts';

type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
/** More graphic states than this are never closed again. */
const MAX_DEPTH = 1000;

interface Glyph {
  readonly unicode?: string;
  readonly width?: number;
  readonly isSpace?: boolean;
}

/**
 * Lines that the reader's text of a page leaves out: letters beyond the page's edges or its crop box, and what notes, stamps and
 * form fields paint. A line that is partly on the page is given whole. With `isLost` every line is given: the reader has no
 * place for some of them, as after an operator whose numbers are missing, and takes them letter by letter.
 *
 * Source: ISO 32000-2 section 9.4, text objects; only text that is set in horizontal fonts is placed exactly.
 */
export async function unseenText(
  page: PdfPage,
  { fnArray, argsArray }: PdfOperators,
  isLost = false,
): Promise<UnseenText> {
  const { OPS } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const tracker = new TextTracker(page.view);
  for (const [at, operation] of fnArray.entries()) {
    const [first, second, third, fourth] = (argsArray[at] ?? []) as readonly unknown[];
    switch (operation) {
      case OPS.save:
        tracker.save();
        break;
      case OPS.restore:
      case OPS.paintFormXObjectEnd:
        tracker.restore();
        break;
      case OPS.transform:
        tracker.transform(asMatrix(argsArray[at]));
        break;
      case OPS.paintFormXObjectBegin:
        tracker.save();
        tracker.transform(asMatrix(first));
        break;
      case OPS.beginAnnotation:
        tracker.save();
        tracker.state = { ...tracker.state, matrix: IDENTITY, onNote: true };
        tracker.transform(asMatrix(third));
        tracker.transform(asMatrix(fourth));
        break;
      case OPS.endAnnotation:
        tracker.restore();
        break;
      case OPS.beginText:
        tracker.place(IDENTITY);
        break;
      case OPS.setTextMatrix:
        tracker.place(asMatrix(first));
        break;
      case OPS.moveText:
        tracker.move(asNumber(first), asNumber(second));
        break;
      case OPS.nextLine:
        tracker.move(0, -tracker.state.leading);
        break;
      case OPS.setLeading:
        tracker.state = { ...tracker.state, leading: asNumber(first) };
        break;
      case OPS.setLeadingMoveText:
        tracker.state = { ...tracker.state, leading: -asNumber(second) };
        tracker.move(asNumber(first), asNumber(second));
        break;
      case OPS.setFont:
        tracker.state = { ...tracker.state, size: asNumber(second) };
        break;
      case OPS.setCharSpacing:
        tracker.state = { ...tracker.state, charSpacing: asNumber(first) };
        break;
      case OPS.setWordSpacing:
        tracker.state = { ...tracker.state, wordSpacing: asNumber(first) };
        break;
      case OPS.setHScale:
        tracker.state = { ...tracker.state, stretch: asNumber(first) / 100 };
        break;
      case OPS.showText:
        if (Array.isArray(first)) tracker.show(first);
        break;
    }
  }
  return { lines: tracker.lines(isLost), onNotes: tracker.onNotes() };
}

export interface UnseenText {
  readonly lines: readonly string[];
  /** What notes and fields paint, where they paint it: a field's value stands beside its label. */
  readonly onNotes: readonly PdfRun[];
}

interface TextState {
  readonly matrix: Matrix;
  readonly onNote: boolean;
  readonly leading: number;
  readonly size: number;
  readonly charSpacing: number;
  readonly wordSpacing: number;
  readonly stretch: number;
}

class TextTracker {
  state: TextState = {
    matrix: IDENTITY,
    onNote: false,
    leading: 0,
    size: 1,
    charSpacing: 0,
    wordSpacing: 0,
    stretch: 1,
  };
  private readonly view: readonly number[];
  private readonly saved: TextState[] = [];
  private readonly runs: (PdfRun & { readonly unseen: boolean; readonly onNote: boolean })[] = [];
  private line: Matrix = IDENTITY;
  private text: Matrix = IDENTITY;

  constructor(view: readonly number[]) {
    this.view = view;
  }

  save(): void {
    if (this.saved.length < MAX_DEPTH) this.saved.push(this.state);
  }

  restore(): void {
    this.state = this.saved.pop() ?? this.state;
  }

  transform(by: Matrix): void {
    this.state = { ...this.state, matrix: times(this.state.matrix, by) };
  }

  place(matrix: Matrix): void {
    this.line = matrix;
    this.text = matrix;
  }

  move(x: number, y: number): void {
    this.place(times(this.line, [1, 0, 0, 1, x, y]));
  }

  show(glyphs: readonly unknown[]): void {
    const { size, stretch, charSpacing, wordSpacing, matrix } = this.state;
    const start = times(matrix, this.text);
    let letters = '';
    let unseen = this.state.onNote;
    let width = 0;
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') {
        // A step back in thousandths of the size, as tables and justified lines space their words.
        if (-glyph > 200 && letters !== '' && !letters.endsWith(' ')) letters += ' ';
        width -= (glyph / 1000) * size * stretch;
        continue;
      }
      if (typeof glyph !== 'object' || glyph === null) continue;
      const { unicode = '', width: wide = 0, isSpace = false } = glyph as Glyph;
      const step = ((wide / 1000) * size + charSpacing + (isSpace ? wordSpacing : 0)) * stretch;
      letters += unicode;
      unseen ||= unicode.trim() !== '' && this.isOutside(width, step);
      width += step;
    }
    const along = unit(start[0], start[1]);
    const scale = Math.hypot(start[0], start[1]);
    const height = Math.abs(size) * Math.hypot(start[2], start[3]);
    const text = knownLetters(letters.normalize('NFKC')).replace(/\0/g, '');
    this.runs.push({
      text,
      x: start[4],
      y: start[5],
      along,
      width: width * scale,
      height,
      ends: false,
      unseen,
      onNote: this.state.onNote,
    });
    this.text = times(this.text, [1, 0, 0, 1, width, 0]);
  }

  onNotes(): readonly PdfRun[] {
    return this.runs.filter((run) => run.onNote);
  }

  lines(isLost: boolean): readonly string[] {
    const found: string[] = [];
    let group: (PdfRun & { readonly unseen: boolean })[] = [];
    const close = (): void => {
      if (isLost || group.some((run) => run.unseen)) found.push(joinRuns(group));
      group = [];
    };
    for (const run of this.runs) {
      const before = group.at(-1);
      if (before !== undefined && joinRuns([before, { ...run, text: 'x' }, run]).includes('\n')) close();
      group.push(run);
    }
    close();
    return found.filter((line) => line.trim() !== '');
  }

  private isOutside(offset: number, step: number): boolean {
    const [, , , , x, y] = times(this.state.matrix, times(this.text, [1, 0, 0, 1, offset, 0]));
    const [left = 0, bottom = 0, right = 0, top = 0] = this.view;
    return x + Math.abs(step) < left || x > right || y < bottom || y > top;
  }
}

function times(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}

function unit(x: number, y: number): readonly [number, number] {
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}

function asNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The reader hands matrices out as arrays, as typed arrays and as arrays of one array. */
function asMatrix(value: unknown): Matrix {
  const numbers =
    typeof value === 'object' && value !== null ? Object.values(value as Readonly<Record<string, unknown>>) : [];
  if (numbers.length === 1) return asMatrix(numbers[0]);
  if (numbers.length < 6) return IDENTITY;
  const [a, b, c, d, e, f] = numbers.map(asNumber) as [number, number, number, number, number, number];
  return [a, b, c, d, e, f];
}
