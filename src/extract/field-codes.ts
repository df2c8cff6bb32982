interface OpenField {
  code: string;
  /** Its result has begun. */
  isShown: boolean;
}

/**
 * The codes of a story's fields: what a field asks for (a merge field, a link, a comment) is not what it shows.
 *
 * A field inside another's code is part of it; a code without its marks is kept as well.
 */
export class FieldCodes {
  private readonly open: OpenField[] = [];
  private stray = '';
  private readonly keep: (code: string) => void;

  constructor(keep: (code: string) => void) {
    this.keep = keep;
  }

  /** Takes a mark: a field begins, its result begins (`separate`), or it ends. */
  mark(kind: string): void {
    if (kind === 'begin') this.open.push({ code: '', isShown: false });
    else if (kind === 'separate') this.show();
    else {
      this.show();
      this.open.pop();
    }
  }

  add(text: string): void {
    const last = this.open.at(-1);
    if (last === undefined) this.stray += text;
    else last.code += text;
  }

  /** Hands over what stands outside of any field. */
  flush(): void {
    this.keep(this.stray);
    this.stray = '';
  }

  /** Hands over what no mark has ended. */
  finish(): void {
    while (this.open.length > 0) this.mark('end');
    this.flush();
  }

  private show(): void {
    const field = this.open.at(-1);
    if (field === undefined || field.isShown) return;
    field.isShown = true;
    this.keep(field.code);
    const outer = this.open.at(-2);
    if (outer !== undefined && !outer.isShown) outer.code += ` ${field.code.trim()} `;
  }
}
