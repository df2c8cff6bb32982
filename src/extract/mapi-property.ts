import { asBuffer, decodeText } from './decode-text.ts';

/** Types of MAPI properties that carry words, bytes or times. [MS-OXCDATA] section 2.11.1. */
export const MAPI_TYPE = {
  object: 0x0d,
  string8: 0x1e,
  unicode: 0x1f,
  time: 0x40,
  binary: 0x102,
  multiple: 0x1000,
} as const;

/** A property as both `.msg` and `winmail.dat` have it; a multi-valued one has several values. */
export interface MapiProperty {
  readonly id: number;
  /** Without the multi-value flag. */
  readonly type: number;
  readonly values: readonly Uint8Array[];
  /** Name of a named property; null for a numbered one. */
  readonly name: string | null;
}

/** The properties of one message, attachment or recipient. */
export class MapiProperties {
  readonly all: readonly MapiProperty[];
  private readonly charset: string;

  /** `charset`: of 8-bit strings where the properties themselves do not say. */
  constructor(all: readonly MapiProperty[], charset: string | null) {
    this.all = all;
    const told = this.number(0x3ffd) ?? this.number(0x3fde);
    this.charset = (told === null ? charset : charsetOfCodePage(told)) ?? charset ?? 'windows-1252';
  }

  /** Charset of an HTML body held as bytes. */
  get htmlCharset(): string | null {
    const told = this.number(0x3fde);
    return told === null ? null : charsetOfCodePage(told);
  }

  text(id: number): string | null {
    const property = this.find(id);
    if (property === undefined || !isText(property)) return null;
    return this.textOf(property);
  }

  textOf(property: MapiProperty): string {
    const charset = property.type === MAPI_TYPE.unicode ? 'utf-16le' : this.charset;
    return property.values.map((value) => decodeWide(value, charset)).join('\n');
  }

  bytes(id: number): Uint8Array | null {
    return this.find(id)?.values[0] ?? null;
  }

  number(id: number): number | null {
    const value = this.find(id)?.values[0];
    return value === undefined || value.length < 4 ? null : asBuffer(value).readInt32LE(0);
  }

  find(id: number): MapiProperty | undefined {
    return this.all.find((property) => property.id === id && property.name === null);
  }
}

export function isText(property: MapiProperty): boolean {
  return property.type === MAPI_TYPE.unicode || property.type === MAPI_TYPE.string8;
}

/** A FILETIME as an ISO instant; null for none. */
export function fileTime(bytes: Uint8Array): string | null {
  if (bytes.length < 8) return null;
  const milliseconds = Number(asBuffer(bytes).readBigUInt64LE(0) / 10_000n) - 11_644_473_600_000;
  return Math.abs(milliseconds) < 8e15 ? new Date(milliseconds).toISOString() : null;
}

function decodeWide(value: Uint8Array, charset: string): string {
  // Told to be UTF-16, so never guessed: a string of one Chinese letter has no zero byte.
  const text = charset === 'utf-16le' ? asBuffer(value).toString('utf16le') : decodeText(value, charset);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

const CODE_PAGES: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  1200: 'utf-16le',
  1201: 'utf-16be',
  10000: 'macintosh',
  20127: 'us-ascii',
  20866: 'koi8-r',
  21866: 'koi8-u',
  50220: 'iso-2022-jp',
  50221: 'iso-2022-jp',
  50222: 'iso-2022-jp',
  51932: 'euc-jp',
  51936: 'gbk',
  51949: 'euc-kr',
  52936: 'gbk',
  54936: 'gb18030',
  65000: 'utf-7',
  65001: 'utf-8',
};

export function charsetOfCodePage(page: number): string | null {
  if (page >= 1250 && page <= 1258) return `windows-${page}`;
  if (page >= 28591 && page <= 28606) return `iso-8859-${page - 28590}`;
  return CODE_PAGES[page] ?? (page === 437 || (page >= 850 && page <= 869) ? `cp${page}` : null);
}
