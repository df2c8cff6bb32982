/** Attributes of XFORWARD (Postfix, XFORWARD_README) that are taken and passed on. */
export const XFORWARD_ATTRIBUTES = ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'IDENT', 'SOURCE'];

const LINE_LIMIT = 500;

/**
 * The XFORWARD commands that tell a server who handed a message over, of the attributes it says it takes; none where it takes none.
 *
 * Values are in xtext, as they came.
 */
export function xforwardCommands(
  forwarded: Readonly<Record<string, string>> | undefined,
  offered: string | undefined,
): readonly string[] {
  if (forwarded === undefined || offered === undefined) return [];
  const taken = offered.toUpperCase().split(/\s+/);
  const pairs = Object.entries(forwarded)
    .filter(([name, value]) => XFORWARD_ATTRIBUTES.includes(name) && taken.includes(name) && isXtext(value))
    .map(([name, value]) => `${name}=${value}`);
  return pairs.reduce<string[]>((lines, pair) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + pair.length > LINE_LIMIT) lines.push(`XFORWARD ${pair}`);
    else lines[lines.length - 1] = `${last} ${pair}`;
    return lines;
  }, []);
}

function isXtext(value: string): boolean {
  return /^[\x21-\x7e]{1,255}$/.test(value);
}
