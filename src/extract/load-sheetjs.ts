import { constants, inflateRawSync } from 'node:zlib';
import type * as SheetJs from '@e965/xlsx';

/** Bytes that the entries of a zipped workbook of these formats may expand to. */
export const MAX_EXPANDED = 384 * 1024 ** 2;

/** What SheetJS inflates with: its own reads on without end in damaged data. */
class BoundedInflate {
  readonly _finishFlushFlag = constants.Z_FINISH;
  bytesRead = 0;

  _processChunk(data: Uint8Array): Buffer {
    const options = { info: true, maxOutputLength: MAX_EXPANDED } as const;
    const { buffer, engine } = inflateRawSync(data, options) as unknown as InflateResult;
    this.bytesRead = engine.bytesWritten;
    return buffer;
  }
}

interface InflateResult {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

let loaded: typeof SheetJs | null = null;

/** SheetJS with its code pages, loaded with the first old workbook only. */
export async function loadSheetJs(): Promise<typeof SheetJs> {
  if (loaded !== null) return loaded;
  const library = await import('@e965/xlsx');
  library.set_cptable(await import('@e965/xlsx/dist/cpexcel'));
  library.CFB.utils.use_zlib({ InflateRaw: BoundedInflate });
  loaded = library;
  return library;
}
