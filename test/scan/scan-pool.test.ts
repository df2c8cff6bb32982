import { fileURLToPath } from 'node:url';
import { memorySource } from '../../src/core/byte-source.ts';
import { incompleteParts } from '../../src/core/part.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { createScanPool, type PoolOptions, type ScanPool } from '../../src/scan/scan-pool.ts';
import { makeXlsx } from '../opening/make-office.ts';

const module = fileURLToPath(new URL('./poison-child.ts', import.meta.url));
const MB = 1024 ** 2;
const pools: ScanPool[] = [];

function aPool(options: Partial<PoolOptions> = {}): ScanPool {
  const pool = createScanPool({
    module,
    size: 1,
    memory: 300 * MB,
    limits: { ...DEFAULT_LIMITS, time: 1_000 },
    ...options,
  });
  pools.push(pool);
  return pool;
}

function aMail(csv: string, padding = 0) {
  const lines = [
    'From: a@example.org',
    'To: b@example.org',
    'Subject: figures',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'words of the body',
    '--x',
    'Content-Type: text/csv; name=a.csv',
    '',
    `one,two,three\n1,2,${csv}\n2,3,4\n3,4,5${'\n5,6,7'.repeat(padding)}`,
    '--x--',
    '',
  ];
  return { kind: 'email', name: 'message.eml', source: memorySource(Buffer.from(lines.join('\r\n'))) } as const;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe('the scan pool', () => {
  it('opens a message as opening in this process would', async () => {
    const opened = await aPool().open(aMail('9'));
    expect(incompleteParts(opened)).toEqual([]);
    expect(opened.headers?.subject).toBe('figures');
    expect(JSON.stringify(opened.parts)).toContain('words of the body');
  });

  it.each([
    ['crash', 'crashed'],
    ['exit', 'crashed'],
    ['hang', 'timed-out'],
    ['eat', 'too-large'],
  ])('holds a message whose part makes the child %s, keeps its words, and goes on', async (deed, reason) => {
    const pool = aPool();
    const poisoned = await pool.open(aMail(deed));
    expect(incompleteParts(poisoned).map((part) => part.reason)).toEqual([reason]);
    expect(JSON.stringify(poisoned.parts)).toContain('words of the body');
    const next = await pool.open(aMail('9'));
    expect(incompleteParts(next)).toEqual([]);
  });

  it('gives the child no environment and no right to write', async () => {
    const pool = aPool();
    const opened = await pool.open(aMail('environment'));
    const environment = opened.parts.find((part) => part.path.endsWith('environment'))?.content;
    expect(environment).toMatchObject({ kind: 'text' });
    expect(JSON.stringify(environment)).not.toContain('PATH');
    const refused = await pool.open(aMail('write'));
    expect(JSON.stringify(incompleteParts(refused))).toContain('corrupt');
  });

  it('hands over a large message in ranges', async () => {
    const opened = await aPool({ limits: DEFAULT_LIMITS }).open(aMail('9', 1_000_000));
    expect(incompleteParts(opened)).toEqual([]);
    expect(opened.parts.some((part) => part.bytes > 5_000_000)).toBe(true);
  });

  it('opens in a child what needs WebAssembly and files of the program', async () => {
    // `7z a a.7z a.txt` with 7-Zip 24 of a file that says "words in an archive".
    const archive =
      'N3q8ryccAAQus7rCFwAAAAAAAABSAAAAAAAAAJQWcQABABJ3b3JkcyBpbiBhbiBhcmNoaXZlAAEEBgABCRcABwsBAAEhIQEADBMACAoBKO0KqwAABQEZDAAAAAAAAAAAAAAAABENAGEALgB0AHgAdAAAABQKAQBA+PXAhHrdARUGAQAggLaBAAA=';
    const pool = createScanPool({ size: 1 });
    pools.push(pool);
    const opened = await pool.open({
      kind: 'file',
      name: 'a.7z',
      source: memorySource(Buffer.from(archive, 'base64')),
    });
    expect(incompleteParts(opened)).toEqual([]);
    expect(JSON.stringify(opened.parts)).toContain('words in an archive');
  });

  it('takes a quick look at the first rows, which never makes a message complete', async () => {
    const rows = Array.from(
      { length: 50_000 },
      (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><v>${at}</v></c></row>`,
    );
    const pool = createScanPool({ size: 1 });
    pools.push(pool);
    const request = { kind: 'file', name: 'a.xlsx', source: memorySource(makeXlsx({ rows: rows.join('') })) } as const;
    const quick = await pool.open({ ...request, firstRows: 200 });
    const whole = await pool.open(request);
    const counted = [quick, whole].map(({ parts }) =>
      parts.flatMap(({ content }) => (content.kind === 'table' ? [content.table.rows] : [])),
    );
    expect(counted[0]?.[0]).toBeGreaterThanOrEqual(200);
    expect(counted[0]?.[0]).toBeLessThan(50_000);
    expect(counted[1]).toEqual([50_000]);
    expect(incompleteParts(quick).map((part) => part.reason)).toEqual(['too-large']);
    expect(incompleteParts(whole)).toEqual([]);
  });

  it('replaces a child after its number of jobs', async () => {
    const pool = aPool({ recycleAfter: 2 });
    await pool.open(aMail('1'));
    const [first] = pool.pids();
    await pool.open(aMail('2'));
    await pool.open(aMail('3'));
    expect(pool.pids()).not.toContain(first);
  });

  it('replaces a child that grew before it costs the next message its completeness', async () => {
    const pool = aPool({ memory: 350 * MB });
    for (let at = 0; at < 4; at += 1) expect(incompleteParts(await pool.open(aMail('fatten')))).toEqual([]);
  });

  it('keeps the words of a file that a library gave up on, and is incomplete', async () => {
    const opened = await aPool().open(aMail('stray'));
    expect(JSON.stringify(opened.parts)).toContain('1,2,stray');
    expect(incompleteParts(opened)).toEqual([{ path: 'message.eml › unread', reason: 'corrupt' }]);
  });

  it('lets other messages pass while one hangs', async () => {
    const pool = aPool({ size: 2 });
    const order: string[] = [];
    await Promise.all([
      pool.open(aMail('hang')).then(() => order.push('hanging')),
      pool.open(aMail('9')).then(() => order.push('quick')),
    ]);
    expect(order).toEqual(['quick', 'hanging']);
  });

  it('finishes what it has on closing, and opens nothing after', async () => {
    const pool = aPool();
    const inHand = pool.open(aMail('9'));
    await pool.close();
    expect(incompleteParts(await inHand)).toEqual([]);
    expect(incompleteParts(await pool.open(aMail('9')))).toEqual([{ path: 'message.eml', reason: 'crashed' }]);
    expect(pool.pids()).toEqual([]);
  });

  it('holds a message whose content cannot be read', async () => {
    const source = { ...memorySource(Buffer.alloc(9)), read: () => Promise.reject(new Error('disk')) };
    const opened = await aPool().open({ kind: 'email', name: 'a.eml', source });
    expect(incompleteParts(opened)).toEqual([{ path: 'a.eml', reason: 'crashed' }]);
  });

  it.each([
    ['fails later', () => Promise.reject(new Error('disk'))],
    [
      'throws at once',
      () => {
        throw new Error('disk');
      },
    ],
  ])('loses no child to content whose reading %s, and goes on', async (_, read) => {
    const pool = aPool();
    const small = memorySource(Buffer.alloc(9));
    for (const source of [small, { ...small, memory: null }, small, { ...small, memory: null }])
      await pool.open({ kind: 'email', name: 'a.eml', source: { ...source, read } });
    expect(pool.pids()).toEqual([]);
    expect(incompleteParts(await pool.open(aMail('9')))).toEqual([]);
  });
});
