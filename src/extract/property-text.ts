import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import { isStructure } from './xml-structure.ts';

/** Elements that hold the values of one property: vectors, variants, and their items. */
const VALUES: ReadonlySet<string> = new Set([
  ...[
    'vector',
    'variant',
    'array',
    'lpstr',
    'lpwstr',
    'bstr',
    'bool',
    'filetime',
    'date',
    'i1',
    'i2',
    'i4',
    'i8',
    'int',
  ],
  ...['ui1', 'ui2', 'ui4', 'ui8', 'uint', 'r4', 'r8', 'decimal', 'cy', 'clsid', 'blob', 'error', 'null', 'empty'],
]);
const CONTAINERS: ReadonlySet<string> = new Set([
  ...['Properties', 'coreProperties', 'document-meta', 'meta', 'document', 'metadata', 'package'],
]);

/**
 * A document's properties, `name: value` a line: the core, application and custom properties of OOXML (ECMA-376 part 2, 11 and part
 * 1, 22.2 and 22.3) and the metadata of OpenDocument, whose user-defined properties carry their name as an attribute.
 */
export class PropertyText implements XmlHandler {
  private readonly path: string[] = [];
  private readonly lines: string[] = [];
  private property = '';
  private value = '';

  open(name: string, attributes: XmlAttributes): void {
    this.endValue();
    this.path.push(name);
    if (!VALUES.has(name) && !CONTAINERS.has(name)) this.property = attributes.get('name') ?? name;
    // A template's title and address are attributes of an empty element.
    for (const key of ['title', 'href', 'linkTarget']) {
      const value = attributes.get(key);
      if (value !== undefined && value.trim() !== '') this.lines.push(`${this.property} ${key}: ${value}`);
    }
  }

  text(text: string): void {
    this.value += text;
  }

  close(): void {
    this.endValue();
    this.path.pop();
  }

  comment(text: string): void {
    if (/\p{L}{2}/u.test(text)) this.lines.push(text.trim());
  }

  result(): string {
    this.endValue();
    return this.lines.join('\n');
  }

  private endValue(): void {
    const value = this.value.trim();
    this.value = '';
    if (value === '' || isStructure(this.property, value)) return;
    this.lines.push(this.property === '' ? value : `${this.property}: ${value}`);
  }
}
