import { memorySource } from '../../src/core/byte-source.ts';
import { incompleteParts } from '../../src/core/part.ts';
import type { Unreadable } from '../../src/extract/unreadable.ts';
import { createPdfThread, type PdfThreadOptions } from '../../src/scan/pdf-thread.ts';
import { createScanPool } from '../../src/scan/scan-pool.ts';
import { makePdf, shown } from '../opening/make-pdf.ts';

const WORDS = 'Employment rate at 74.0 per cent';

/** A thread that parses no PDF: with the first one it does what it is told to. */
function threadThat(deed: string, options: Partial<PdfThreadOptions> = {}) {
  const script = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { ${deed} });`;
  return createPdfThread({
    heap: 32,
    ...options,
    module: new URL(`data:text/javascript,${encodeURIComponent(script)}`),
  });
}

/** The character map of a font whose one range has sixteen million characters, each with a place of its own. */
const endlessRange = makePdf({
  content: shown(WORDS),
  page: '/Resources<</Font<</F1 10 0 R>>>>',
  objects: {
    10: '<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 11 0 R/DescendantFonts[12 0 R]>>',
    11: {
      entries: '/Type/CMap/CMapName/A',
      bytes:
        'begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange 1 begincidrange <00010000> <00ffffff> 0 endcidrange endcmap',
    },
    12: '<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>',
  },
});

/** A picture that says it has twenty thousand pixels a side, as one with a damaged width does. */
const endlessPicture = makePdf({
  content: `${shown(WORDS)} q 100 0 0 100 0 0 cm /I Do Q`,
  page: '/Resources<</Font<</F1 5 0 R>>/XObject<</I 10 0 R>>>>',
  objects: {
    10: {
      entries:
        '/Type/XObject/Subtype/Image/Width 20000/Height 20000/ColorSpace/DeviceRGB/BitsPerComponent 8/SMask 11 0 R',
      bytes: 'x'.repeat(1000),
    },
    11: {
      entries: '/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8',
      bytes: 'x',
    },
  },
});

describe('the thread that parses PDFs', () => {
  it.each([
    ['grows past its heap', 'for (const list = []; ; ) list.push({});', {}, 60_000, 'too-large'],
    ['loops', 'for (;;);', { silence: 100 }, 60_000, 'timed-out'],
    ['answers nothing in its time', '', {}, 50, 'timed-out'],
    ['ends', 'process.exit(1);', {}, 60_000, 'crashed'],
    ['throws', "throw new Error('on purpose')", {}, 60_000, 'crashed'],
  ])('is lost where it %s, and the next document has another', async (_what, deed, options, time, reason) => {
    const read = threadThat(deed, options);
    const reader = read(time);
    const end = await reader.lost.catch((error: Unreadable) => error);
    expect(end).toMatchObject({ reason });
    reader.release();
    const next = read(50);
    expect(await next.lost.catch((error: Unreadable) => error.name)).toBe('Unreadable');
  });

  it('makes no pixels of a picture that is larger than any that is read, and says so', async () => {
    const pool = createScanPool({ size: 1 });
    const opened = await pool.open({ kind: 'file', name: 'a.pdf', source: memorySource(endlessPicture) });
    await pool.close();
    expect(JSON.stringify(opened.parts)).toContain(WORDS);
    expect(incompleteParts(opened)).toContainEqual({ path: 'a.pdf › unread', reason: 'corrupt' });
  });

  it('is ended where a document left much behind, and the next has another', async () => {
    const read = threadThat(
      'if (globalThis.kept) process.exit(1); globalThis.kept = new Uint8Array(200_000_000).fill(1);',
    );
    const first = read(60_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    first.release();
    const lost = first.lost.catch((error: Unreadable) => error.reason);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const next = read(50);
    expect(await next.lost.catch((error: Unreadable) => error.reason)).toBe('timed-out');
    void lost;
  });

  it('costs a mail the document alone: what stands beside it is read in full', async () => {
    const pool = createScanPool({ size: 1 });
    const part = (name: string, bytes: Buffer) =>
      `--x\r\nContent-Type: application/pdf; name=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}\r\n`;
    const mail = `From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${part('a.pdf', endlessRange)}${part('b.pdf', makePdf({ content: shown('Good morning') }))}--x--\r\n`;
    const opened = await pool.open({ kind: 'email', name: 'mail.eml', source: memorySource(Buffer.from(mail)) });
    await pool.close();
    expect(JSON.stringify(opened.parts)).toContain('Good morning');
    expect(incompleteParts(opened)).toContainEqual({ path: 'a.pdf › unread', reason: 'corrupt' });
    expect(incompleteParts(opened).filter(({ path }) => path.startsWith('b.pdf'))).toEqual([]);
  });
});
