import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatsTable } from './formats-table.ts';

/** Writes `docs/formats.md`: `node bench/opening/write-formats.ts`. */
await writeFile(join(import.meta.dirname, '../../docs/formats.md'), formatsTable());
