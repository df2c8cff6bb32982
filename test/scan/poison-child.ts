import type { ExtractContext, Extractor, Piece, RawPart } from '../../src/extract/extractor.ts';
import { extractors } from '../../src/extract/index.ts';
import type { FromChild, ToChild } from '../../src/scan/opener-protocol.ts';
import { serveOpener } from '../../src/scan/serve-opener.ts';

const kept: Buffer[] = [];

/** A reader of CSV that does what the file tells it to: the parser bugs of the world in one place. */
const poison: Extractor = {
  name: 'poison',
  types: ['text/csv'],
  async *extract(part: RawPart, _context: ExtractContext): AsyncIterable<Piece> {
    const text = Buffer.from(await part.source.read(0, part.source.size)).toString();
    if (text.includes('crash')) process.abort();
    if (text.includes('exit')) process.exit(0);
    if (text.includes('hang')) for (;;) Math.sqrt(text.length);
    if (text.includes('eat')) {
      const eaten: Buffer[] = [];
      for (;;) {
        eaten.push(Buffer.alloc(8 << 20, 1));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    if (text.includes('fatten')) {
      kept.push(Buffer.alloc(90 << 20, 1));
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    if (text.includes('stray')) {
      void Promise.reject(new Error('nobody waits for this'));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (text.includes('environment'))
      yield { kind: 'text', step: 'environment', role: 'metadata', text: JSON.stringify(process.env) };
    if (text.includes('write')) {
      const { writeFileSync } = await import('node:fs');
      writeFileSync('poison.txt', 'x');
    }
    yield { kind: 'text', step: null, role: 'table', text };
  },
};

serveOpener(
  {
    send: (message: FromChild) => process.send?.(message),
    onMessage: (handle) => process.on('message', (message) => handle(message as ToChild)),
    onStray: (handle) => process.on('unhandledRejection', handle),
  },
  [
    { name: poison.name, types: poison.types, load: () => Promise.resolve(poison) },
    ...extractors.filter((one) => one.name !== 'csv'),
  ],
  () => performance.now(),
);
process.on('disconnect', () => process.exit(0));
