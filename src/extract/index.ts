import type { Extractor } from './extractor.ts';

/** One format: which types it reads, loaded only when a message has one. */
export interface ExtractorListing {
  readonly name: string;
  /** Media types as `detect-type` gives them. */
  readonly types: readonly string[];
  readonly load: () => Promise<Extractor>;
}

/** Every format that is opened. To add one: write the extractor, add its line, teach `detect-type` its content. */
export const extractors: readonly ExtractorListing[] = [
  { name: 'mail', types: ['message/rfc822'], load: async () => (await import('./mail.ts')).mail },
  { name: 'text', types: ['text/plain'], load: async () => (await import('./text.ts')).text },
  { name: 'html', types: ['text/html'], load: async () => (await import('./html.ts')).html },
  { name: 'csv', types: ['text/csv'], load: async () => (await import('./csv.ts')).csv },
  {
    name: 'zip',
    types: [
      'application/zip',
      'application/epub+zip',
      'application/vnd.ms-visio.drawing',
      'application/vnd.apple.iwork',
    ],
    load: async () => (await import('./zip.ts')).zip,
  },
  { name: 'gzip', types: ['application/gzip'], load: async () => (await import('./gzip.ts')).gzip },
  {
    name: 'ooxml',
    types: [
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
    load: async () => (await import('./ooxml.ts')).ooxml,
  },
  { name: 'tar', types: ['application/x-tar'], load: async () => (await import('./tar.ts')).tar },
  { name: 'mbox', types: ['application/mbox'], load: async () => (await import('./mbox.ts')).mbox },
  {
    name: 'calendar',
    types: ['text/calendar', 'text/vcard'],
    load: async () => (await import('./calendar.ts')).calendar,
  },
  { name: 'rtf', types: ['application/rtf'], load: async () => (await import('./rtf.ts')).rtf },
  { name: 'tnef', types: ['application/ms-tnef'], load: async () => (await import('./tnef.ts')).tnef },
  {
    name: 'outlook-message',
    types: ['application/vnd.ms-outlook'],
    load: async () => (await import('./outlook-message.ts')).outlookMessage,
  },
  { name: 'pdf', types: ['application/pdf'], load: async () => (await import('./pdf.ts')).pdf },
  {
    name: 'archive',
    types: [
      'application/x-7z-compressed',
      'application/vnd.rar',
      'application/vnd.ms-cab-compressed',
      'application/x-iso9660-image',
      'application/x-xz',
      'application/x-lzma',
      'application/x-bzip2',
      'application/x-compress',
      'application/x-lzh',
      'application/x-arj',
      'application/x-cpio',
      'application/x-archive',
    ],
    load: async () => (await import('./archive.ts')).archive,
  },
  { name: 'zstd', types: ['application/zstd'], load: async () => (await import('./zstd.ts')).zstd },
  {
    name: 'encrypted-office',
    types: ['application/x-ole-encrypted-package'],
    load: async () => (await import('./encrypted-office.ts')).encryptedOffice,
  },
  {
    name: 'picture',
    types: [
      'image/png',
      'image/jpeg',
      'image/gif',
      'image/tiff',
      'image/webp',
      'image/bmp',
      'image/x-icon',
      'image/heic',
      'image/avif',
    ],
    load: async () => (await import('./picture.ts')).picture,
  },
  {
    name: 'sheetjs',
    types: [
      'application/vnd.ms-excel',
      'application/vnd.ms-excel.sheet.binary.macroenabled.12',
      'application/vnd.apple.numbers',
      'application/vnd.ms-spreadsheetml+xml',
      'application/x-sylk',
      'application/x-dif',
      'application/x-dbf',
    ],
    load: async () => (await import('./sheetjs.ts')).sheetjs,
  },
  {
    name: 'ole',
    types: ['application/msword', 'application/vnd.ms-powerpoint', 'application/x-ole-storage'],
    load: async () => (await import('./ole.ts')).ole,
  },
  {
    name: 'structured',
    types: ['application/json', 'application/xml'],
    load: async () => (await import('./structured.ts')).structured,
  },
  {
    name: 'encrypted-mail',
    types: ['application/pgp-encrypted', 'application/pkcs7-mime'],
    load: async () => (await import('./encrypted-mail.ts')).encryptedMail,
  },
  { name: 'svg', types: ['image/svg+xml'], load: async () => (await import('./svg.ts')).svg },
  { name: 'metafile', types: ['image/emf', 'image/wmf'], load: async () => (await import('./metafile.ts')).metafile },
  {
    name: 'odf',
    types: [
      'application/vnd.oasis.opendocument.text',
      'application/vnd.oasis.opendocument.text-template',
      'application/vnd.oasis.opendocument.text-master',
      'application/vnd.oasis.opendocument.text-web',
      'application/vnd.oasis.opendocument.spreadsheet',
      'application/vnd.oasis.opendocument.spreadsheet-template',
      'application/vnd.oasis.opendocument.presentation',
      'application/vnd.oasis.opendocument.presentation-template',
      'application/vnd.oasis.opendocument.graphics',
      'application/vnd.oasis.opendocument.graphics-template',
      'application/vnd.oasis.opendocument.chart',
      'application/vnd.oasis.opendocument.formula',
      ...['text-master-template', 'image', 'image-template', 'chart-template', 'formula-template', 'base'].map(
        (kind) => `application/vnd.oasis.opendocument.${kind}`,
      ),
      ...['writer', 'writer.template', 'writer.global', 'calc', 'calc.template', 'impress', 'impress.template'].map(
        (kind) => `application/vnd.sun.xml.${kind}`,
      ),
      ...['draw', 'draw.template', 'math'].map((kind) => `application/vnd.sun.xml.${kind}`),
      'application/vnd.oasis.opendocument.spreadsheet-flat-xml',
      'application/vnd.oasis.opendocument.text-flat-xml',
    ],
    load: async () => (await import('./odf.ts')).odf,
  },
  {
    name: 'spss',
    types: ['application/x-spss-sav', 'application/x-spss-por'],
    load: async () => (await import('./spss.ts')).spss,
  },
  { name: 'stata', types: ['application/x-stata-dta'], load: async () => (await import('./stata.ts')).stata },
  {
    name: 'sas',
    types: ['application/x-sas-data', 'application/x-sas-xport'],
    load: async () => (await import('./sas.ts')).sas,
  },
  { name: 'sqlite', types: ['application/vnd.sqlite3'], load: async () => (await import('./sqlite.ts')).sqlite },
  {
    name: 'word-xml',
    types: ['application/vnd.ms-word2003+xml', 'application/vnd.ms-flat-opc+xml'],
    load: async () => (await import('./word-xml.ts')).wordXml,
  },
  {
    name: 'apple-file',
    types: ['application/applefile', 'application/x-apple-folder-view'],
    load: async () => (await import('./apple-file.ts')).appleFile,
  },
  {
    name: 'parquet',
    types: ['application/vnd.apache.parquet'],
    load: async () => (await import('./parquet.ts')).parquet,
  },
];
