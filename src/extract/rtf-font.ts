import { charsetOfCodePage } from './mapi-property.ts';
import { FONT_NAME_CHARSETS } from './rtf-words.ts';
import { FONT_CHARSETS } from './windows-charset.ts';

/** The charsets of an RTF file's fonts: a byte means what the font in force says. */
export class RtfFonts {
  private readonly charsets = new Map<number, string>();
  private readonly names = new Map<number, string>();

  setCharset(font: number, number: number): void {
    const charset = FONT_CHARSETS[number];
    if (charset !== undefined) this.charsets.set(font, charset);
  }

  setCodePage(font: number, page: number): void {
    const charset = charsetOfCodePage(page);
    if (charset !== null) this.charsets.set(font, charset);
  }

  addName(font: number, name: string): void {
    this.names.set(font, ((this.names.get(font) ?? '') + name).slice(0, 200));
  }

  /** A font that gives no charset, or that of Western Europe, may say another in its name. */
  endName(font: number): void {
    const name = (this.names.get(font) ?? '').replace(/;.*$/s, '').trim();
    const named = FONT_NAME_CHARSETS.find(([shape]) => shape.test(name));
    if (named !== undefined && !this.charsets.has(font)) this.charsets.set(font, named[1]);
  }

  charsetOf(font: number): string | undefined {
    return this.charsets.get(font);
  }
}
