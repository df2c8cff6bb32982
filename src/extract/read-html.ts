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
const LINKING = [
  'href',
  'xlink:href',
  'src',
  'background',
  'action',
  'data',
  'poster',
  'longdesc',
  'cite',
  'formaction',
  'srcset',
  'lowsrc',
  'codebase',
  'ping',
];
/** Attributes that only scripts and screen readers show. */
const SCRIPTED = /^(data-|on|aria-(description|valuetext|roledescription|placeholder)$|abbr$|download$|prompt$)/;
/** What every page's head says to browsers. */
const PLUMBING = /^\s*(text\/html(;\s*charset=[\w-]+)?|[a-z-]+=[\w.-]+([,;]\s*[a-z-]+=[\w.-]+)*)\s*$/i;
/** More than an identifier: somebody's words. */
const WORDS = /\p{L}{2}\S{0,40}\s{1,40}\S{0,40}?\p{L}{2}/u;
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
  return readPage(html, 0);
}

/** Pages stand in comments, frames and attributes of pages; deeper ones are read without their structure. */
const MAX_PAGES = 3;

function readPage(html: string, depth: number): HtmlContent {
  const inner = (page: string): string => {
    if (depth >= MAX_PAGES) return stripTags(page);
    const { visible, hidden } = readPage(page, depth + 1);
    return `${visible}\n${hidden}`;
  };
  const visible = new HtmlText();
  const hidden = new HtmlText();
  const links: string[] = [];
  const embedded: { type: string; bytes: Uint8Array }[] = [];
  const open: { hides: boolean; reads: Reading }[] = [];
  let hiding = 0;
  let background = false;
  let base: string | null = null;
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
          else if (attribute === 'srcdoc') note(inner(value));
          else if (attribute !== 'content' || !PLUMBING.test(value)) note(value);
        }
        for (const attribute in attributes)
          if (SCRIPTED.test(attribute) && WORDS.test(attributes[attribute] as string))
            note(attributes[attribute] as string);
        for (const attribute of LINKING) {
          const value = attributes[attribute];
          if (value === undefined || value === '') continue;
          const data = /^\s*data:/i.test(value) ? decodeDataUri(value) : null;
          if (data !== null) embedded.push(data);
          else if (name === 'base') {
            base = value;
            links.push(readableLink(value));
          } else if (!/^cid:/i.test(value)) links.push(readableLink(resolve(value, base)));
        }
        if (!VOID.has(name)) {
          if (open.length >= MAX_DEPTH) throw TOO_DEEP;
          open.push({ hides, reads: readsAs(name, attributes['type']) });
          if (hides) hiding += 1;
        }
      },
      ontext(text) {
        const inside = open.at(-1);
        if (inside?.reads === 'page' && text.includes('<')) note(inner(text));
        else if (inside?.reads === 'json') hidden.text(unescapeJson(text));
        else (hiding > 0 ? hidden : visible).text(text);
      },
      oncomment(comment) {
        if (/^\?xml\s/.test(comment)) return;
        // Conditional comments are pages for one mail client; other comments are somebody's words.
        const words = comment.replace(CONDITION, '');
        note(/<[a-z!/]/i.test(words) ? inner(words) : words);
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

/** What the text inside an element is: of the page, a page that the parser does not read, or data. */
type Reading = 'text' | 'page' | 'json';

function readsAs(name: string, type: string | undefined): Reading {
  if (name === 'noframes' || name === 'noembed' || name === 'iframe') return 'page';
  return name === 'script' && type !== undefined && /json/i.test(type) ? 'json' : 'text';
}

function unescapeJson(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const CONDITION = /^\s*\[(if|endif)[^\]]*\]>?|<!\[endif\](--)?>?\s*$/gi;

function stripTags(markup: string): string {
  return markup
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\[(if|endif)[^\]]*\]>?|<!/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A link as a browser follows it, where the page says from where. */
function resolve(link: string, base: string | null): string {
  return base !== null && URL.canParse(link, base) ? new URL(link, base).href : link;
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
