import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registers } from '../core/entry.ts';
import { howToTry } from './how-to-try.ts';

const LIFT = Date.parse('2016-01-20T09:30:00Z');
const FIRST = { admin: 'a-password', apiToken: 'the-token' };
const PLACES = { web: 'http://127.0.0.1:8080', smtp: '127.0.0.1:2525' };

// Of an entry its subjects, its title and its window are read.
const registers = (title: string) =>
  ({
    embargoes: [{ title, subjects: ['labour-market'], from: LIFT - 1000, until: LIFT, status: 'scheduled' }],
  }) as unknown as Registers;
const demo = registers('UK labour market, January 2016 (demonstration)');

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-try-'));
});

afterEach(() => rmSync(data, { recursive: true, force: true }));

const said = (first: typeof FIRST | null, entries: Registers | null, now: number) =>
  howToTry({ apiToken: null, data }, first, entries, now, PLACES).join('\n');

describe('how to try it', () => {
  it('at first start gives three commands that show a hold, with the token in them', () => {
    const text = said(FIRST, demo, LIFT - 1);
    expect(text.match(/^ {2}(?:curl|printf)/gm)).toHaveLength(3);
    expect(text).toContain('Bearer the-token');
    expect(text).not.toMatch(/curl -s /);
  });

  it('later says how to set the token: from the file, or by making one where it was deleted', () => {
    expect(said(null, demo, LIFT - 1)).toContain('TOKEN=... ');
    writeFileSync(join(data, 'first-start.json'), '{}');
    expect(said(null, demo, LIFT - 1)).toMatch(/TOKEN=\$\(sed .*first-start\.json'\)/);
  });

  it('once the embargo has ended gives no command that would not be held, and says how to begin again', () => {
    for (const first of [FIRST, null]) {
      expect(said(first, demo, LIFT)).toMatch(/has ended/);
      expect(said(first, demo, LIFT)).not.toContain('curl');
    }
  });

  it.each([
    ['beside registers of one’s own, at a later start', null, registers('Labour market'), LIFT - 1],
    ['where nothing of the kind is held', FIRST, registers('Labour market'), LIFT],
    ['where no registers are loaded', FIRST, null, LIFT - 1],
  ] as const)('says nothing %s', (_name, first, entries, now) => {
    expect(said(first, entries, now)).toBe('');
  });
});
