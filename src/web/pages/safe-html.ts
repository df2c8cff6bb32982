import { Parser } from 'htmlparser2';
import { visibleText } from './visible-text.ts';

/** What carries the shape of a letter and can do nothing else. */
const KEPT = new Set(
  'p div span br hr b i u s em strong small sub sup big center font blockquote pre code h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption'.split(
    ' ',
  ),
);
const VOID = new Set(['br', 'hr']);
/** Of whose words nothing is shown here: the text of the message, beside, has them. */
const SILENT = new Set([
  'script',
  'style',
  'title',
  'template',
  'noscript',
  'iframe',
  'object',
  'svg',
  'math',
  'select',
  'textarea',
]);
const KEPT_ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  colspan: /^\d{1,3}$/,
  rowspan: /^\d{1,3}$/,
  dir: /^(ltr|rtl|auto)$/i,
  lang: /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}$/i,
};
const MOST_DEPTH = 200;
const MOST_CHARACTERS = 500_000;
/** The parser's time grows with the square of the depth; such a page is no letter. */
const MOST_NESTED = 5000;
const TOO_DEEP = new Error('elements nested too deep');

/**
 * A page's words in their shape, and nothing that loads, runs, links, submits or hides: every element and attribute is written anew
 * from a short list. Pictures become their alternative text, links the words and the address they lead to.
 *
 * Never throws on bad markup; what is nested too deep is shown flat.
 */
export function safeHtml(html: string): string {
  const text = html.slice(0, MOST_CHARACTERS);
  try {
    return cleaned(text);
  } catch (error) {
    if (error !== TOO_DEEP) throw error;
    return `<pre>${escapeHtml(withoutTags(text))}</pre>`;
  }
}

/** What stands between the tags, for markup that has no structure worth following. */
function withoutTags(text: string): string {
  const [first = '', ...rest] = text.split('<');
  return first + rest.map((piece) => piece.slice(piece.indexOf('>') + 1)).join(' ');
}

function cleaned(html: string): string {
  const out: string[] = [];
  const open: string[] = [];
  const targets: string[] = [];
  let silent = 0;
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MOST_NESTED) throw TOO_DEEP;
        if (SILENT.has(name)) silent += 1;
        if (silent > 0) return;
        if (name === 'img') out.push(` [picture${labelled(attributes['alt'])}] `);
        if (name === 'a') targets.push(attributes['href'] ?? '');
        if (!KEPT.has(name) || (open.length >= MOST_DEPTH && !VOID.has(name))) return;
        out.push(`<${name}${attributesOf(attributes)}>`);
        if (!VOID.has(name)) open.push(name);
      },
      ontext(text) {
        if (silent === 0) out.push(escapeHtml(text));
      },
      onclosetag(name) {
        depth -= 1;
        if (SILENT.has(name)) silent = Math.max(0, silent - 1);
        if (silent > 0) return;
        if (name === 'a') out.push(addressOf(targets.pop() ?? ''));
        if (!KEPT.has(name) || VOID.has(name) || !open.includes(name)) return;
        for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
          out.push(`</${inner}>`);
          if (inner === name) break;
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html);
  for (const name of open.toReversed()) out.push(`</${name}>`);
  return out.join('');
}

/** The page around it, for a frame that may do nothing: what slipped through has a policy of its own against it. */
export function framedHtml(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'">`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Message</title>${policy}</head><body dir="auto">${safeHtml(html)}</body></html>`;
}

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(KEPT_ATTRIBUTES)
    .flatMap(([name, allowed]) => {
      const value = attributes[name];
      return value !== undefined && allowed.test(value) ? [` ${name}="${value}"`] : [];
    })
    .join('');
}

/** Where a link leads stands beside its words, since that is what a reader must compare. */
function addressOf(target: string): string {
  return target === '' || target.startsWith('#') ? '' : ` [${escapeHtml(target.slice(0, 300))}]`;
}

function labelled(text: string | undefined): string {
  return text === undefined || text.trim() === '' ? '' : `: ${escapeHtml(text.slice(0, 300))}`;
}

function escapeHtml(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
