import type { SensitivityEntry } from '../../src/core/entry.ts';
import { decodeTrace, encodeTrace } from '../../src/detect/encode-trace.ts';
import { matchTrace } from '../../src/detect/match-trace.ts';
import { type MessageTrace, traceMessage } from '../../src/detect/message-trace.ts';
import { passageFilter } from '../../src/detect/passage-filter.ts';
import { SketchBuilder } from '../../src/detect/sketch-builder.ts';
import { makeDigest } from '../../src/registers/cell-digest.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { encodeSketch, parseSketch, type Sketch } from '../../src/registers/sketch.ts';
import { makeLettings, toCsv } from './core-lettings.ts';
import type { Rows } from './made-up.ts';
import { coreEntry, messageOf } from './message-of.ts';
import { shippedRules } from './shipped-rules.ts';

const KEY = ephemeralKeyRing(Buffer.alloc(32, 1)).current;
const digest = makeDigest(KEY.sketches);
const registered = makeLettings(400, 2016);
const plain = (rows: Rows): Rows => [(rows[0] ?? []).map((_, at) => `c${at}`), ...rows.slice(1)];

async function traceOf(name: string, content: string): Promise<MessageTrace | null> {
  const trace = traceMessage(await messageOf(name, content), { id: KEY.id, digest }, shippedRules);
  return trace === null ? null : decodeTrace(encodeTrace(trace));
}

function sketchOf(rows: Rows, key = KEY.id): Sketch {
  const builder = new SketchBuilder(rows[0] ?? [], rows.slice(1), rows.length - 1, digest);
  for (const row of rows.slice(1)) builder.addRow(row);
  return read(encodeSketch({ key, rows: rows.length - 1, columns: builder.plan.columns }, builder.filter, null));
}

function read(bytes: Uint8Array): Sketch {
  const parsed = parseSketch(bytes);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const match = (trace: MessageTrace | null, entry: SensitivityEntry, sketch: Sketch | null) =>
  trace === null ? null : (matchTrace(trace, entry, sketch, shippedRules)?.by ?? null);

describe('the trace of a mail that left', () => {
  it.each([
    ['twenty rows of it without its names', toCsv(plain(registered.slice(0, 21))), 'rows'],
    ['all of it', toCsv(registered), 'rows'],
    ['another year’s file of the same schema', toCsv(makeLettings(400, 2017)), null],
    ['seven rows, too few to tell', toCsv(plain(registered.slice(0, 8))), null],
  ])('tells of a file that is registered by sketch later: %s', async (_, content, by) => {
    expect(match(await traceOf('a.csv', content), coreEntry, sketchOf(registered))).toBe(by);
  });

  it('does not compare what was digested under another key', async () => {
    const trace = await traceOf('a.csv', toCsv(registered));
    expect(match(trace, coreEntry, sketchOf(registered, 'another'))).toBeNull();
  });

  it.each([
    ['a known dataset by its names', toCsv(registered), coreEntry, 'columns'],
    ['a known dataset without its names', toCsv(registered.slice(1)), coreEntry, 'columns'],
    [
      'an entry’s own columns',
      `panel_ref,waveCode,nurseVisit,town\n${'17,3,2,Anytown\n'.repeat(12)}`,
      { ...coreEntry, dataset: null, columns: ['panel_ref', 'waveCode', 'nurseVisit'] },
      'columns',
    ],
    ['a blank template of it', `${registered[0]?.join(',')}\n`, coreEntry, null],
    ['an unlike table', `town,homes,share\n${'Anytown,210,4.5\n'.repeat(12)}`, coreEntry, null],
  ] as const)('tells of a dataset that is registered later without a sketch: %s', async (_, content, entry, by) => {
    expect(match(await traceOf('a.csv', content), entry, null)).toBe(by);
  });

  it('tells of passages of an attached document', async () => {
    const line = (at: number) =>
      `Homes let in area ${at} stood at ${at * 131} after a ${['slow', 'steady'][at % 2]} year for all.`;
    const text = Array.from({ length: 20 }, (_, at) => line(at)).join('\n\n');
    const made = passageFilter(await messageOf('b.txt', text), digest);
    const sketch = read(encodeSketch({ key: KEY.id, rows: 0, columns: [] }, null, made?.filter ?? null));
    const mail = (attached: string) =>
      `From: a@department.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello.\r\n--b\r\nContent-Disposition: attachment; filename=b.txt\r\n\r\n${attached}\r\n--b--\r\n`;
    expect(match(await traceOf('m.eml', mail(`${line(3)}\n${line(7)}`)), coreEntry, sketch)).toBe('passages');
    expect(match(await traceOf('m.eml', mail(`${line(31)}\n${line(47)}`)), coreEntry, sketch)).toBeNull();
  });

  it('holds no cell of the table, and is small', async () => {
    const trace = traceMessage(await messageOf('a.csv', toCsv(registered)), { id: KEY.id, digest }, shippedRules);
    if (trace === null) throw new Error('no trace');
    const bytes = Buffer.from(encodeTrace(trace));
    const cells = new Set(
      registered
        .slice(1)
        .flat()
        .filter((cell) => cell.length >= 6),
    );
    expect([...cells].filter((cell) => bytes.includes(cell))).toEqual([]);
    expect(bytes.length).toBeLessThan(16_000);
  });

  it('is not made for a mail without tables and documents', async () => {
    expect(await traceOf('m.eml', 'From: a@department.example\r\n\r\nSee you at ten.\r\n')).toBeNull();
  });
});
