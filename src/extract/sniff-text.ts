import { asBuffer, decodeText, utf16WithoutMark } from './decode-text.ts';
import { sniffTable } from './sniff-titled.ts';

/** Types of text that say at their very start what they are. */
const OPENINGS: readonly (readonly [RegExp, string])[] = [
  [/^\{\\(rtf|urtf)/, 'application/rtf'],
  [/^BEGIN:(VCALENDAR|VEVENT)\b/i, 'text/calendar'],
  [/^BEGIN:VCARD\b/i, 'text/vcard'],
  [/^-----BEGIN PGP MESSAGE-----/, 'application/pgp-encrypted'],
  [/^-----BEGIN PKCS7-----/, 'application/pkcs7-mime'],
  [
    /^<!doctype (html|netscape-bookmark)|^<html[\s>]|^<(head|body|table|div|p|span|meta|style|font|center)(\s[^<>]*)?>/i,
    'text/html',
  ],
  [/^ID;P/, 'application/x-sylk'],
  [/^TABLE\r?\n0,1\r?\n/, 'application/x-dif'],
  [/^\{\s*"|^\{\s*\}\s*$|^\[\s*[[{"\d]/, 'application/json'],
  [/^#\s*vtk|^%!PS/, 'application/postscript'],
];

/** Headers that only a mail starts with, or that come before them. */
const MAIL_HEADER =
  /^(return-path|received|delivered-to|from|to|cc|subject|date|message-id|mime-version|reply-to|sender|x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+|authentication-results|content-(type|transfer-encoding|disposition)|references|in-reply-to|list-[a-z-]+|envelope-to|errors-to|precedence|status|user-agent|importance|thread-[a-z]+|bcc|received-spf|domainkey-signature|resent-[a-z]+|return-receipt-to|disposition-notification-to|auto-submitted|organization|comments|keywords|delivery-date|original-recipient|mail-from|lines|xref|path|newsgroups):/i;
const TELLING_HEADER =
  /^(received|from|message-id|mime-version|return-path|delivered-to|x-mailer|dkim-signature|subject|date|to):/i;

/** The type of bytes that are text by their start; null where they are not text. */
export function sniffText(head: Uint8Array): string | null {
  if (!looksLikeText(head)) return null;
  const text = decodeText(head).replace(/^﻿?\s*/, '');
  for (const [shape, type] of OPENINGS) if (shape.test(text)) return type;
  if (text.startsWith('<')) return sniffMarkup(text);
  if (
    /^From \S+.*\d{4}( [A-Z]{2,5}| [+-]\d{4})?\r?$/m.test(text.slice(0, text.search(/\n|$/))) &&
    looksLikeMail(text.slice(text.indexOf('\n') + 1))
  )
    return 'application/mbox';
  if (looksLikeMail(text.replace(/^\d{1,10}[ \t]*\r?\n/, ''))) return 'message/rfc822';
  if (sniffTable(text) !== null) return 'text/csv';
  return 'text/plain';
}

function sniffMarkup(text: string): string {
  const start = text.slice(0, 4096);
  if (/<\?mso-application\s+progid="Word\.Document"|schemas\.microsoft\.com\/office\/word\/2003/.test(start))
    return 'application/vnd.ms-word2003+xml';
  if (
    /<\?mso-application\s+progid="Excel\.Sheet"|urn:schemas-microsoft-com:office:spreadsheet/.test(start) &&
    !/<html/i.test(start)
  )
    return 'application/vnd.ms-spreadsheetml+xml';
  if (/<office:document[\s>]/.test(start))
    return /office:mimetype="([^"]+)"/.exec(start)?.[1] === 'application/vnd.oasis.opendocument.spreadsheet'
      ? 'application/vnd.oasis.opendocument.spreadsheet-flat-xml'
      : 'application/vnd.oasis.opendocument.text-flat-xml';
  if (/<pkg:package[\s>]/.test(start)) return 'application/vnd.ms-flat-opc+xml';
  if (/<svg[\s>]/i.test(start)) return 'image/svg+xml';
  if (/<html[\s>]|<!doctype\s+(html|netscape-bookmark)/i.test(start)) return 'text/html';
  if (/^<\?xml|^<!DOCTYPE|^<[A-Za-z_][\w.-]*:[\w.-]+[\s>]|^<[A-Za-z_][\w.-]*\s+xmlns/.test(start))
    return 'application/xml';
  if (/<(br|p|div|table|td|a|b|i|font|body|span|h[1-6]|ul|li|img)(\s[^<>]*)?\/?>/i.test(start)) return 'text/html';
  return /^<[A-Za-z_][\w.-]*(\s[^<>]*)?>/.test(start) ? 'application/xml' : 'text/plain';
}

/** A mail begins with at least two header lines, one of them telling; RFC 5322 section 2.2. */
function looksLikeMail(text: string): boolean {
  // What a signature covers begins with its part's own headers.
  if (
    /^content-type:[ \t]*(multipart|message|text|application)\/[^\n]*\n([ \t]|content-|mime-version:|\r?\n)/i.test(text)
  )
    return true;
  let known = 0;
  let unknown = 0;
  let telling = false;
  for (const line of text.slice(0, 8192).split(/\r\n|\n|\r/)) {
    if (line === '') break;
    if (/^[ \t]/.test(line) && known > 0) continue;
    if (!MAIL_HEADER.test(line)) {
      // Relays put headers of their own first.
      if (!/^[!-9;-~]+:/.test(line)) return known >= 3 && telling;
      if (known === 0) unknown += 1;
      continue;
    }
    known += 1;
    telling ||= TELLING_HEADER.test(line);
  }
  return known >= (unknown > 0 ? 3 : 2) && telling;
}

/** No zero byte (but for UTF-16 and UTF-32) and hardly a control character. */
export function looksLikeText(head: Uint8Array): boolean {
  const buffer = asBuffer(head);
  if (buffer.length === 0) return true;
  const mark =
    buffer.length >= 2 && ((buffer[0] === 0xff && buffer[1] === 0xfe) || (buffer[0] === 0xfe && buffer[1] === 0xff));
  if (mark || utf16WithoutMark(buffer) !== null) return true;
  const length = Math.min(buffer.length, 16_384);
  let controls = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = buffer[at] as number;
    if (byte === 0) return false;
    if (
      byte < 32 &&
      byte !== 9 &&
      byte !== 10 &&
      byte !== 13 &&
      byte !== 12 &&
      byte !== 27 &&
      byte !== 8 &&
      byte !== 11
    )
      controls += 1;
  }
  return controls <= length * 0.02;
}
