import { asBuffer, decodeText } from './decode-text.ts';
import { LOCALE_CHARSETS } from './windows-charset.ts';

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
    this.charset = this.toldCharset() ?? charset ?? this.guessedCharset() ?? 'windows-1252';
  }

  /** Charset of the 8-bit strings; that of a message holds for its recipients and attachments. */
  get stringCharset(): string {
    return this.charset;
  }

  /** Charset of an HTML body held as bytes. */
  get htmlCharset(): string | null {
    const told = this.number(0x3fde);
    return told === null ? null : charsetOfCodePage(told);
  }

  /** The message's code page, else the one of Windows that its Internet code page stands for. */
  private toldCharset(): string | null {
    const own = this.number(0x3ffd) ?? this.number(0x66c3);
    const told = own === null ? null : charsetOfCodePage(own);
    if (told !== null && told !== 'utf-16le') return told;
    const page = this.number(0x3fde);
    return page === null ? null : charsetOfCodePage(ANSI_PAGES[page] ?? page);
  }

  /** Old messages name no code page: the mail's own headers or its page do, else the writer's locale. */
  private guessedCharset(): string | null {
    for (const id of [0x007d, 0x1013]) {
      const bytes = this.bytes(id);
      const told =
        bytes === null
          ? null
          : /charset\s*=\s*["']?([\w-]+)/i.exec(asBuffer(bytes).toString('latin1').replaceAll('\0', ''))?.[1];
      if (told != null && !/^(us-ascii|utf-?8|iso-8859-1)$/i.test(told))
        return WINDOWS_CHARSETS[told.toLowerCase()] ?? told;
    }
    const locale = this.number(0x3ff1);
    return locale === null ? null : (LOCALE_CHARSETS[locale & 0x3ff] ?? null);
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
    const property = this.find(id);
    const value = property?.values[0];
    if (property === undefined || value === undefined || value.length < 4 || isText(property)) return null;
    return asBuffer(value).readInt32LE(0);
  }

  find(id: number): MapiProperty | undefined {
    return this.all.find((property) => property.id === id && property.name === null);
  }
}

export function isText(property: MapiProperty): boolean {
  return property.type === MAPI_TYPE.unicode || property.type === MAPI_TYPE.string8;
}

/** A FILETIME as an instant, the way people write it and as ISO 8601; null for none. */
export function fileTime(bytes: Uint8Array): string | null {
  if (bytes.length < 8) return null;
  const ticks = asBuffer(bytes).readBigUInt64LE(0);
  const milliseconds = Number(ticks / 10_000n) - 11_644_473_600_000;
  // Nought is no time.
  if (ticks === 0n || !(Math.abs(milliseconds) < 8e15)) return null;
  const time = new Date(milliseconds);
  return `${time.toUTCString()} (${time.toISOString().replace('.000Z', 'Z')})`;
}

function decodeWide(value: Uint8Array, charset: string): string {
  // Told to be UTF-16, so never guessed: a string of one Chinese letter has no zero byte.
  const text = charset === 'utf-16le' ? asBuffer(value).toString('utf16le') : decodeText(value, charset);
  // Words behind a zero are words, though Outlook stops there.
  return text.replace(/\0+$/, '').replace(/\0+/g, '\n');
}

/** Code pages of mail by those of the Windows that wrote it. */
const ANSI_PAGES: Readonly<Record<number, number>> = {
  50220: 932,
  50221: 932,
  50222: 932,
  51932: 932,
  50225: 949,
  51949: 949,
  50227: 936,
  51936: 936,
  52936: 936,
  20866: 1251,
  21866: 1251,
  28591: 1252,
  28592: 1250,
  28594: 1257,
  28595: 1251,
  28596: 1256,
  28597: 1253,
  28598: 1255,
  38598: 1255,
  28599: 1254,
  28605: 1252,
};

const WINDOWS_CHARSETS: Readonly<Record<string, string>> = {
  'iso-2022-jp': 'shift_jis',
  'euc-jp': 'shift_jis',
  'iso-2022-kr': 'euc-kr',
  'koi8-r': 'windows-1251',
  'koi8-u': 'windows-1251',
  'iso-8859-2': 'windows-1250',
  'iso-8859-5': 'windows-1251',
  'iso-8859-7': 'windows-1253',
  'iso-8859-8': 'windows-1255',
  'iso-8859-8-i': 'windows-1255',
  'iso-8859-9': 'windows-1254',
};

const CODE_PAGES: Readonly<Record<number, string>> = {
  874: 'windows-874',
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
  1361: 'cp1361',
  10001: 'shift_jis',
  10002: 'big5',
  10003: 'euc-kr',
  10006: 'x-mac-greek',
  10007: 'x-mac-cyrillic',
  10008: 'gbk',
  10029: 'x-mac-ce',
  10081: 'x-mac-turkish',
  38598: 'iso-8859-8',
  50225: 'iso-2022-kr',
  65000: 'utf-7',
  65001: 'utf-8',
};

export function charsetOfCodePage(page: number): string | null {
  if (page >= 1250 && page <= 1258) return `windows-${page}`;
  if (page >= 28591 && page <= 28606) return `iso-8859-${page - 28590}`;
  return CODE_PAGES[page] ?? (page === 437 || (page >= 850 && page <= 869) ? `cp${page}` : null);
}
