import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import { XmlText } from './xml-text.ts';

const COMMENTS: ReadonlySet<string> = new Set(['comment', 'cm', 'threadedComment', 'reply']);
const AUTHOR_IDS: readonly string[] = ['authorId', 'personId'];

/** People by the id that their comments give. */
export type CommentAuthors = Map<string, string>;

/** Reads a list of people: `commentAuthors.xml` and `authors.xml` of a presentation, `person.xml` of a workbook. */
export function authorsHandler(authors: CommentAuthors): XmlHandler {
  return {
    open(name, attributes) {
      if (name !== 'cmAuthor' && name !== 'author' && name !== 'person') return;
      const said = attributes.get('name') ?? attributes.get('displayName') ?? '';
      const initials = attributes.get('initials') ?? '';
      const label = initials === '' || initials === said ? said : `${said} (${initials})`;
      if (label !== '') authors.set(attributes.get('id') ?? '', label);
    },
    text() {},
    close() {},
  };
}

/**
 * Comments of a sheet or slide, old and threaded, each with who wrote it: `author: text`.
 *
 * A sheet's own comments list their authors themselves, by number (ECMA-376 part 1, 18.7.2).
 */
export class CommentText implements XmlHandler {
  private readonly authors: CommentAuthors;
  private readonly lines: string[] = [];
  private readonly around = new XmlText();
  private readonly begun: { readonly author: string; readonly words: XmlText }[] = [];
  private listed = 0;
  private listedName: string | null = null;

  constructor(authors: ReadonlyMap<string, string> = new Map()) {
    this.authors = new Map(authors);
  }

  open(name: string, attributes: XmlAttributes): void {
    if (COMMENTS.has(name)) {
      const id = AUTHOR_IDS.map((key) => attributes.get(key)).find((one) => one !== undefined) ?? '';
      this.begun.push({ author: this.authors.get(id) ?? '', words: new XmlText() });
    } else if (name === 'author') this.listedName = '';
    this.words().open(name, attributes);
  }

  text(text: string): void {
    if (this.listedName !== null) this.listedName += text;
    this.words().text(text);
  }

  close(name: string): void {
    this.words().close(name);
    if (name === 'author' && this.listedName !== null) {
      this.authors.set(String(this.listed), this.listedName.trim());
      this.listed += 1;
      this.listedName = null;
    } else if (COMMENTS.has(name)) {
      const comment = this.begun.pop();
      if (comment !== undefined) this.keep(comment.author, comment.words.result());
    }
  }

  comment(text: string): void {
    this.words().comment(text);
  }

  result(): string {
    while (this.begun.length > 0) this.close('comment');
    return [...this.lines, this.around.result()].filter((line) => line !== '').join('\n');
  }

  private words(): XmlText {
    return this.begun.at(-1)?.words ?? this.around;
  }

  private keep(author: string, text: string): void {
    // Excel writes the author's name into the comment as well.
    if (text !== '') this.lines.push(author === '' || text.startsWith(author) ? text : `${author}: ${text}`);
  }
}
