import { fileURLToPath } from 'node:url';
import { memorySource } from '../../src/core/byte-source.ts';
import { incompleteParts } from '../../src/core/part.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { createScanPool, type ScanPool } from '../../src/scan/scan-pool.ts';

const module = fileURLToPath(new URL('./poison-child.ts', import.meta.url));
let pool: ScanPool;
const lost: string[] = [];

beforeAll(() => {
  const limits = { ...DEFAULT_LIMITS, time: 1_500 };
  pool = createScanPool({ module, size: 2, memory: 300 * 1024 ** 2, limits, onLost: (reason) => lost.push(reason) });
});
afterAll(() => pool.close());

function aMail(subject: string, type = 'text/plain', body = `the words of ${subject}`) {
  const text = `From: a@example.org\r\nTo: b@example.org\r\nSubject: ${subject}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  return { kind: 'email', name: 'message.eml', source: memorySource(Buffer.from(text)) } as const;
}

describe('mails of words alone, opened together', () => {
  it('gives each its own words', async () => {
    const subjects = Array.from({ length: 40 }, (_, index) => `mail ${index}`);
    const opened = await Promise.all(subjects.map((subject) => pool.open(aMail(subject))));
    for (const [index, subject] of subjects.entries()) {
      expect(opened[index]?.headers?.subject).toBe(subject);
      expect(JSON.stringify(opened[index]?.parts)).toContain(`the words of ${subject}\\r`);
    }
    expect(pool.pids().length).toBeLessThanOrEqual(2);
  });

  it('costs none of the others anything where one of them kills the child', async () => {
    lost.length = 0;
    // To this child CSV does what it says; a table that is the mail itself names no file.
    const poisoned = aMail('poison', 'text/csv', 'one,two\r\ncrash,2\r\n3,4');
    const others = Array.from({ length: 7 }, (_, index) => aMail(`mail ${index}`));
    const [bad, ...good] = await Promise.all([poisoned, ...others].map((request) => pool.open(request)));
    expect(lost).toContain('crashed');
    expect(incompleteParts(bad ?? { parts: [], headers: null }).map(({ reason }) => reason)).toEqual(['crashed']);
    for (const [index, one] of good.entries()) {
      expect(incompleteParts(one)).toEqual([]);
      expect(one.headers?.subject).toBe(`mail ${index}`);
    }
  });
});
