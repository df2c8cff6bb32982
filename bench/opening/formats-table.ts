import { extractors } from '../../src/extract/index.ts';

interface Note {
  readonly format: string;
  readonly read: string;
  readonly left: string;
}

/** What each extractor reads and leaves, in words; a test asks for one note for each of them. */
const NOTES: Readonly<Record<string, Note>> = {
  mail: {
    format: 'E-mail (`.eml`)',
    read: 'headers, every body, HTML shown and hidden, what stands between parts, attachments and their names, mails in mails, format=flowed, uuencode, yEnc, any charset',
    left: '`message/partial` and `message/external-body` (unsupported: their content is elsewhere)',
  },
  text: {
    format: 'Plain text',
    read: 'all of it in any charset, files encoded into it',
    left: 'beyond 128 MB (too-large)',
  },
  html: {
    format: 'HTML',
    read: 'shown text, alternative texts, hidden elements, comments, scripts, form values, links, data: URIs, data tables',
    left: 'styles applied from outside: text they hide counts as shown',
  },
  csv: {
    format: 'CSV, TSV and their like',
    read: 'every row, streamed; delimiter and charset by content',
    left: 'UTF-16 beyond 256 MB (too-large)',
  },
  zip: {
    format: 'Zip, zip64, EPUB, Visio',
    read: 'every entry, names in any code page, comments; what is left of a broken archive; AES and classic encryption with passwords that the message names; bzip2, LZMA, Deflate64 entries',
    left: 'encrypted entries without a password (encrypted); iWork documents (unsupported)',
  },
  gzip: { format: 'Gzip', read: 'content, stored name and comment', left: '' },
  tar: { format: 'Tar', read: 'every file, names, links; ustar, GNU, pax, sparse files', left: '' },
  archive: {
    format: '7z, RAR, CAB, ISO 9660, xz, bzip2, LZMA, compress, LZH, ARJ, cpio, ar, xar, WIM, CHM, RPM, SquashFS',
    read: 'every file, names, comments, with passwords that the message names',
    left: 'encrypted ones (encrypted); archives over 512 MB (too-large)',
  },
  zstd: { format: 'Zstandard', read: 'content', left: '' },
  mbox: { format: 'Mailboxes (mbox)', read: 'every mail', left: '' },
  calendar: { format: 'iCalendar, vCard', read: 'every property, HTML descriptions, files inside', left: '' },
  rtf: {
    format: 'Rich text (RTF)',
    read: 'text, headers, footnotes, annotations, hidden text, properties, fields, objects, pictures, HTML wrapped by Outlook',
    left: '',
  },
  tnef: {
    format: '`winmail.dat` (TNEF)',
    read: 'subject, every form of the body, properties, recipients, attachments, messages inside',
    left: '',
  },
  'outlook-message': {
    format: 'Outlook messages (`.msg`)',
    read: 'people, subject, headers, every form of the body, named properties, attachments, messages inside',
    left: 'attachments that are links (unsupported)',
  },
  ooxml: {
    format: 'Word, Excel, PowerPoint since 2007',
    read: 'body with list numbers, headers, footers, notes, comments and who made them, tracked changes, fields and their codes, form fields, text boxes, charts, SmartArt, properties by name, formulas, numbers in full where they show rounded, hidden sheets, rows and columns, caches, embedded files, pictures, macros; transitional, strict and flat; one that is cut off as far as it goes (corrupt)',
    left: 'data models (unsupported); encrypted files without a password (encrypted)',
  },
  'encrypted-office': {
    format: 'Encrypted Office files',
    read: 'agile and standard encryption, with a password that the message, the sender’s mail before or a register entry names',
    left: 'without one (encrypted)',
  },
  sheetjs: {
    format: 'Excel 2 to 2003, xlsb, Numbers, SYLK, DIF, dBASE, SpreadsheetML, Lotus 1-2-3, Quattro Pro',
    read: 'every cell, in full where it shows rounded, formulas, sheet states, notes, text boxes, headers, linked workbooks; XOR, RC4 and RC4 CryptoAPI with a password at hand',
    left: 'encrypted ones without a password (encrypted)',
  },
  ole: {
    format: 'Word 2 to 2003, PowerPoint 97 to 2003, OLE objects',
    read: 'text, notes, headers, comments and their authors, fields, WordArt, properties, documents inside, pictures',
    left: 'objects of unknown programs (unsupported); encrypted ones without a password, pictures of encrypted presentations (encrypted)',
  },
  odf: {
    format: 'OpenDocument, zipped and flat; OpenOffice.org 1',
    read: 'text, tables, notes, comments and who made them, changes, headers, masters, forms, properties by name, macros, objects, pictures; Blowfish, AES and Argon2 with a password at hand',
    left: 'encrypted ones without a password (encrypted)',
  },
  'word-xml': { format: 'Word XML (2003), packages written flat', read: 'as their zipped kind', left: '' },
  pdf: {
    format: 'PDF',
    read: 'text by page, beyond the page and its crop box too, rows and broken words whole; notes and what they paint, form fields and data (XFA too), alternative texts, outline, labels, layers, properties, scripts, attached files, listed or not, portfolios, what earlier states said, strings nothing refers to; pictures and scans by OCR',
    left: 'encrypted ones without a password (encrypted); pages whose fonts map to no letters (unsupported); pictures of at most 48 x 48 pixels',
  },
  picture: {
    format: 'PNG, JPEG, GIF, TIFF, WebP, BMP, icons, HEIC, AVIF',
    read: 'words by OCR (English) in several sizes, upside down too, pages of a TIFF, frames of a GIF; EXIF, XMP, IPTC, comments, what is appended',
    left: 'what OCR cannot decode, later frames of moving PNG and WebP (unsupported); over 60 megapixels (too-large); over 40 frames (too-many); codes such as QR',
  },
  svg: { format: 'SVG', read: 'texts, titles, embedded files', left: 'drawings without any text (unsupported)' },
  metafile: { format: 'EMF, WMF, StarView', read: 'texts drawn, bitmaps inside', left: 'lines drawn as letters' },
  structured: {
    format: 'JSON, XML',
    read: 'text with escapes undone; lists of records as tables',
    left: 'entities that an XML file declares itself',
  },
  'encrypted-mail': { format: 'S/MIME, OpenPGP', read: 'signed content', left: 'encrypted content (encrypted)' },
  spss: {
    format: 'SPSS (`.sav`, `.zsav`, `.por`)',
    read: 'every case, names, labels, value labels, also applied to the first rows, documents',
    left: '',
  },
  stata: {
    format: 'Stata (`.dta`, since release 3)',
    read: 'every observation, names, labels, value labels, notes, long strings',
    left: '',
  },
  sas: {
    format: 'SAS (`.sas7bdat`, `.xpt`)',
    read: 'every row, names, labels; both compressions',
    left: 'rows marked as deleted',
  },
  onenote: {
    format: 'OneNote sections (`.one`)',
    read: 'embedded files, every readable string',
    left: 'which text stands on which page (unsupported)',
  },
  iwa: {
    format: 'Parts of iWork documents (`.iwa`)',
    read: 'every readable string',
    left: 'the objects they belong to (unsupported)',
  },
  lzip: { format: 'lzip', read: 'content of every member', left: '' },
  lz4: { format: 'LZ4', read: 'content', left: '' },
  'unknown-format': {
    format: 'Programs, sound, films, Access, Outlook data files, HDF5, Arrow, WordPerfect, R data, lzop, unknown bytes',
    read: 'readable strings, 256 KB of them',
    left: 'all else (unsupported)',
  },
  sqlite: { format: 'SQLite', read: 'schema, every row', left: '' },
  parquet: { format: 'Parquet', read: 'every row, what the writer noted', left: 'beyond two million rows (too-large)' },
  'apple-file': { format: 'AppleDouble, `.DS_Store`', read: 'names, comments, words in attributes', left: '' },
};

/** Extractors without a note. */
export function unnoted(): readonly string[] {
  return extractors.map((one) => one.name).filter((name) => NOTES[name] === undefined);
}

/** `docs/formats.md` as the list of extractors has it. */
export function formatsTable(): string {
  const rows = extractors.flatMap(({ name }) => {
    const note = NOTES[name];
    return note === undefined ? [] : [`| ${note.format} | ${note.read} | ${note.left} |`];
  });
  return `# What is opened

Made by \`node bench/opening/write-formats.ts\`; a test compares it with the list of extractors (\`src/extract/index.ts\`). A part's type is told by its
content, never by its name. Whatever no extractor knows (programs, sound, films, unknown bytes) is incomplete: \`unsupported\`; what is damaged is \`corrupt\`, and what could be
read of it is shown as well. One budget a message bounds bytes, ratio, parts, depth and time (\`src/extract/budget.ts\`).

| format | read | left, and how it is told |
| --- | --- | --- |
${rows.join('\n')}
`;
}
