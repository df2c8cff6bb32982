import { openBytes, openMail, textByPath } from './open-bytes.ts';

/** Each took seconds or more in some reader; all of them together stay far below a minute. */
const MOST = 5_000;

describe('hostile text ends soon', () => {
  it.each<[string, string]>([
    ['encoded words never closed', `Subject: ${'=?utf-8?q?'.repeat(20_000)}\n\nx`],
    ['encoded words never closed, apart', `Subject: ${'=?utf-8?q?x '.repeat(40_000)}\n\nx`],
    ['PGP messages never closed', `Subject: x\n\n${'-----BEGIN PGP MESSAGE-----\n'.repeat(20_000)}`],
    ['BinHex never closed', `Subject: x\n\n${'(This file must be converted with BinHex 4.0)\n:'.repeat(20_000)}`],
    ['commands of enriched text', `Content-Type: text/enriched\n\n${'<a'.repeat(200_000)}`],
    ['quotes and comments in addresses', `To: ${'<(\\"'.repeat(50_000)}\n\nx`],
    ['thousands of parameters', `Content-Type: text/plain; ${'a*0*=x; '.repeat(30_000)}\n\nx`],
    [
      'one boundary nested in itself',
      `Content-Type: multipart/mixed; boundary=a\n\n${'--a\nContent-Type: multipart/mixed; boundary=a\n\n'.repeat(20_000)}`,
    ],
    ['uuencode without an end', `Subject: x\n\n${'begin 644 a\n'.repeat(50_000)}`],
    ['passwords without end', `Subject: x\n\n${'password '.repeat(7_000)}`],
    ['200,000 elements deep', `Content-Type: text/html\n\n${'<div>'.repeat(200_000)}x`],
    ['30,000 tables deep', `Content-Type: text/html\n\n${'<table><tr><td>'.repeat(30_000)}x`],
    ['comments never closed', `Content-Type: text/html\n\n${'<!-'.repeat(100_000)}`],
    ['a long value of no words', `Content-Type: text/html\n\n<p data-x="${'a'.repeat(1_000_000)}">x`],
    ['a style without end', `Content-Type: text/html\n\n<p style="${'color:'.repeat(50_000)}">x`],
  ])('%s', async (_, mail) => {
    const start = performance.now();
    const opened = await openMail(mail);
    expect(performance.now() - start).toBeLessThan(MOST);
    expect(opened.parts.length).toBeGreaterThan(1);
  });

  it.each<[string, string]>([
    ['300,000 groups of rich text', `{\\rtf1${'{'.repeat(300_000)}x`],
    ['a quote never closed in a table', `a,b\n1,2\n${'"'.repeat(1_000_000)}`],
    ['a row of five million cells', `a,b\n1,2\n${','.repeat(5_000_000)}\n`],
    ['100,000 brackets of JSON', '['.repeat(100_000)],
    ['parameters never closed in a calendar', `BEGIN:VCALENDAR\nX;${'A="'.repeat(50_000)}\nEND:VCALENDAR\n`],
    [
      'entities that expand',
      '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>',
    ],
  ])('%s', async (_, bytes) => {
    const start = performance.now();
    const opened = await openBytes(bytes);
    expect(performance.now() - start).toBeLessThan(MOST);
    expect(opened.parts.length).toBeGreaterThan(0);
  });
});

describe('a budget that runs out', () => {
  it('ends the message with its reason, and keeps what was read', async () => {
    const mail = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(30)}--b--\n`;
    const seen = textByPath(await openMail(mail, { limits: { parts: 10 } }));
    expect(seen).toMatchObject({ 'mail.eml': '!too-many', body: 'x' });
  });

  it('counts time', async () => {
    const seen = textByPath(await openMail('Subject: x\n\nx', { limits: { time: -1 } }));
    expect(Object.values(seen)).toContain('!timed-out');
  });
});
