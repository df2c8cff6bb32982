import { Unreadable } from './unreadable.ts';

/** What declared entities may add to a text; drawing programs declare a few addresses, and a bomb a billion words. */
const MAX_ADDED = 1 << 20;
const MAX_LEVELS = 16;
const REFERENCE = /&([A-Za-z_][\w.-]*);/g;
const PREDEFINED: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * XML with the entities that it declares itself put in where they are used. XML 1.0 section 4.4.
 *
 * Never fetches anything. `fault` where some stay as they are: `too-large` past a megabyte or sixteen levels, `unsupported` for
 * entities kept elsewhere and for parameter entities.
 */
export function expandEntities(text: string): { readonly text: string; readonly fault: Unreadable | null } {
  const end = doctypeEnd(text);
  if (end < 0) return { text, fault: null };
  const subset = text.slice(0, end);
  const { values, elsewhere } = declared(subset);
  const faults: Unreadable[] = [];
  if (/%[A-Za-z_][\w.-]*;/.test(subset))
    faults.push(new Unreadable('unsupported', 'the XML declares parameter entities'));
  let added = 0;
  const put = (piece: string, level: number): string =>
    piece.replace(REFERENCE, (reference, name: string) => {
      if (PREDEFINED.has(name)) return reference;
      const value = values.get(name);
      if (value === undefined) {
        if (elsewhere.has(name))
          faults.push(new Unreadable('unsupported', `the entity ${name} has its content elsewhere`));
        return reference;
      }
      added += value.length;
      if (added > MAX_ADDED || level > MAX_LEVELS) {
        faults.push(new Unreadable('too-large', 'the entities of the XML expand past a megabyte'));
        return '';
      }
      return put(value, level + 1);
    });
  // The declarations stay as they stand: what nobody refers to is text as well.
  const body = put(text.slice(end), 0);
  return { text: values.size === 0 && faults.length === 0 ? text : `${subset}${body}`, fault: faults[0] ?? null };
}

/** Where the internal subset ends; -1 where there is none that declares an entity. */
function doctypeEnd(text: string): number {
  const start = text.search(/<!DOCTYPE\s/i);
  if (start < 0 || text.indexOf('<!ENTITY', start) < 0) return -1;
  const close = /\]\s*>/.exec(text.slice(start));
  return close === null ? text.length : start + close.index + close[0].length;
}

function declared(subset: string): {
  readonly values: ReadonlyMap<string, string>;
  readonly elsewhere: ReadonlySet<string>;
} {
  const values = new Map<string, string>();
  const elsewhere = new Set<string>();
  for (const [, name, double, single] of subset.matchAll(
    /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)'|SYSTEM\s|PUBLIC\s)/g,
  )) {
    const value = double ?? single;
    // The first declaration is the one that counts.
    if (name === undefined || values.has(name) || elsewhere.has(name)) continue;
    if (value === undefined) elsewhere.add(name);
    else values.set(name, value.replace(/&#(\d+);|&#x([\da-f]+);/gi, numbered));
  }
  return { values, elsewhere };
}

function numbered(whole: string, decimal: string | undefined, hex: string | undefined): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
}
