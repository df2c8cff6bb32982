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
