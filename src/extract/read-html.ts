import { Parser } from 'htmlparser2';
import { HtmlText } from './html-text.ts';

export interface HtmlContent {
  /** What a reader sees: blocks on lines of their own, cells separated by tabs, alternative texts in place. */
  readonly visible: string;
  /** What is there and not shown: hidden elements, titles, form values, comments, scripts. */
  readonly hidden: string;
  /** Targets of links and sources of pictures. */
  readonly links: readonly string[];
  /** Data tables: no table inside, at least two rows and two columns. */
  readonly tables: readonly (readonly (readonly string[])[])[];
  /** Bytes written into the page as data: URIs. */
  readonly embedded: readonly { readonly type: string; readonly bytes: Uint8Array }[];
}

const BLOCKS = new Set(
  'address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html li main menu nav ol option p pre section select summary svg text textarea legend button iframe video audio table tbody tfoot thead title tr ul'.split(
    ' ',
  ),
);
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const NEVER_SHOWN = new Set(['script', 'style', 'template', 'noscript', 'noframes', 'datalist', 'object', 'xml']);
const SPOKEN = [
  'alt',
  'title',
  'aria-label',
  'placeholder',
  'summary',
  'label',
  'content',
  'value',
  'srcdoc',
  'data-content',
  'standby',
];
const HIDING =
  /display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])|(max-)?(height|width)\s*:\s*0(px|pt|em|%)?\s*(;|$)|color\s*:\s*(transparent|rgba\([^)]*,\s*0\s*\))|text-indent\s*:\s*-\d{3,}/i;
const WHITE = /(^|;|\s)color\s*:\s*(#fff(fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))/i;

/** The parser's time grows with the square of the depth; such a page is no page, and its words are read without its structure. */
const MAX_DEPTH = 5000;
const TOO_DEEP = new Error('elements nested too deep');

/** Reads a page or fragment for everything in it that a person could read, shown or not. Never throws on bad markup. */
export function readHtml(html: string): HtmlContent {
  const visible = new HtmlText();
  const hidden = new HtmlText();
  const links: string[] = [];
  const embedded: { type: string; bytes: Uint8Array }[] = [];
  const open: { name: string; hides: boolean }[] = [];
  let hiding = 0;
  let background = false;
  const note = (value: string): void => hidden.line(value);

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const style = attributes['style'] ?? '';
        background ||= /background/i.test(style) || attributes['bgcolor'] !== undefined;
        const hides =
          NEVER_SHOWN.has(name) ||
          attributes['hidden'] !== undefined ||
          (style !== '' && (HIDING.test(style) || (WHITE.test(style) && !background)));
        if (hides && hiding === 0) hidden.breakLine();
        const target = hiding > 0 || hides ? hidden : visible;
        if (BLOCKS.has(name)) target.breakLine();
        target.openTag(name);
        for (const attribute of SPOKEN) {
          const value = attributes[attribute];
          if (value === undefined || value.trim() === '') continue;
          if (attribute === 'alt' && target === visible) visible.text(` ${value} `);
          else if (attribute === 'srcdoc') note(readHtml(value).visible);
          else if (attribute !== 'content' || !/charset=|width=device|text\/html/i.test(value)) note(value);
        }
        for (const attribute of ['href', 'xlink:href', 'src', 'background', 'action', 'data', 'poster']) {
          const value = attributes[attribute];
          if (value === undefined || value === '') continue;
          const data = /^\s*data:/i.test(value) ? decodeDataUri(value) : null;
          if (data !== null) embedded.push(data);
          else if (!/^cid:/i.test(value)) links.push(readableLink(value));
        }
        if (!VOID.has(name)) {
          if (open.length >= MAX_DEPTH) throw TOO_DEEP;
          open.push({ name, hides });
          if (hides) hiding += 1;
        }
      },
      ontext(text) {
        (hiding > 0 ? hidden : visible).text(text);
      },
      oncomment(comment) {
        if (/^\?xml\s/.test(comment)) return;
        // Conditional comments are pages for one mail client; other comments are somebody's words.
        note(/<[a-z!/]/i.test(comment) ? stripTags(comment) : comment);
      },
      onclosetag(name) {
        const target = hiding > 0 ? hidden : visible;
        target.closeTag(name);
        if (BLOCKS.has(name)) target.breakLine();
        if (VOID.has(name)) return;
        const top = open.pop();
        if (top?.hides === true) {
          hiding -= 1;
          hidden.breakLine();
        }
      },
      onprocessinginstruction(_, data) {
        if (!/^(!doctype|\?xml|!\[|\?mso)/i.test(data)) note(data);
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeCDATA: true },
  );
  try {
    parser.write(html);
    parser.end();
  } catch (error) {
    if (error !== TOO_DEEP) throw error;
    visible.line(stripTags(html));
  }
  return {
    visible: visible.finish(),
    hidden: hidden.finish(),
    links,
    tables: [...visible.tables, ...hidden.tables],
    embedded,
  };
}

function stripTags(markup: string): string {
  return markup
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\[(if|endif)[^\]]*\]>?|<!/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function readableLink(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}

function decodeDataUri(uri: string): { type: string; bytes: Uint8Array } | null {
  const shape = /^\s*data:([^,;]*)((?:;[^,;]*)*),([\s\S]*)$/i.exec(uri);
  if (shape === null) return null;
  const type = (shape[1] as string).trim().toLowerCase() || 'text/plain';
  const body = readableLink(shape[3] as string);
  return {
    type,
    bytes: /;\s*base64\s*$/i.test(shape[2] as string) ? Buffer.from(body, 'base64') : Buffer.from(body, 'utf8'),
  };
}
