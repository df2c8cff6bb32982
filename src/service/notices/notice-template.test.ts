import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fillNotice, NOTICE_NAMES, NOTICE_WORDS, parseNoticeTemplate } from './notice-template.ts';

const shipped = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../notices/${name}.txt`, import.meta.url)), 'utf8');

describe('a template of a notice', () => {
  it.each(NOTICE_NAMES)('that ships is whole: %s', (name) => {
    const parsed = parseNoticeTemplate(name, name, shipped(name));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const values = Object.fromEntries(NOTICE_WORDS[name].map((word) => [word, `<${word}>`]));
    const { subject, text } = fillNotice(parsed.value, values);
    expect(`${subject}\n${text}`).not.toMatch(/[{}]/);
    for (const word of NOTICE_WORDS[name]) expect(`${subject}\n${text}`).toContain(`<${word}>`);
  });

  it.each([
    ['a word of another notice', 'Subject: a\n\n{lift}', 3, '{lift} is no word of this notice, it has {sent}'],
    ['a word that never is', 'Subject: {subject}\n\na', 1, '{subject} is no word'],
    ['an open brace', 'Subject: a\n\nb {id', 3, 'has a brace'],
    ['no subject', 'a\n\nb', 1, 'begins with no subject'],
    ['a subject without words', 'Subject: \n\nb', 1, 'begins with no subject'],
    ['no empty line', 'Subject: a\nb', 2, 'has no text'],
    ['no text', 'Subject: a\n\n  \n', 2, 'has no text'],
  ])('with %s is refused where the fault is', (_what, text, line, message) => {
    const parsed = parseNoticeTemplate('mail-held', 'mail-held.txt', text);
    if (parsed.ok) throw new Error('it was taken');
    expect(parsed.faults[0]).toMatchObject({ file: 'mail-held.txt', line, message: expect.stringContaining(message) });
  });

  it('leaves out the lines whose word has no value, and the gap they leave', () => {
    const parsed = parseNoticeTemplate('draft-released', 'f', 'Subject: a\n\none\n\n{link}\n\n{id}\n');
    if (!parsed.ok) throw new Error('it was refused');
    expect(fillNotice(parsed.value, { sent: null, link: null, id: '7' }).text).toBe('one\n\n7');
  });

  it('puts nothing into a value: braces in it stay', () => {
    const parsed = parseNoticeTemplate('draft-released', 'f', 'Subject: {id}\n\n{id}');
    if (!parsed.ok) throw new Error('it was refused');
    expect(fillNotice(parsed.value, { id: '{sent}\nX: y' })).toEqual({ subject: '{sent} X: y', text: '{sent}\nX: y' });
  });
});
