/** One fault in a file a person wrote: where it is, what is wrong and what to do. */
export interface Fault {
  readonly file: string;
  /** From 1; null where the whole file is at fault. */
  readonly line: number | null;
  readonly column: number | null;
  /** Dotted key, as `embargo.until`; null where none is concerned. */
  readonly key: string | null;
  readonly message: string;
}

export type Result<T, E = readonly Fault[]> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** `FILE:LINE:COLUMN: KEY: what is wrong, what to do`, as far as these exist (contract section 3). */
export function describeFault(fault: Fault): string {
  const place = [fault.file, fault.line, fault.column].filter((step) => step !== null).join(':');
  return [place, fault.key, fault.message].filter((step) => step !== null && step !== '').join(': ');
}
