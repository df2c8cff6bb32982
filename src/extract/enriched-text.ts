/** Text of `text/enriched` and `text/richtext` bodies without their commands, lines joined as a reader joins them. RFC 1896, RFC 1341. */
export function readEnriched(source: string, kind: 'enriched' | 'richtext'): string {
  let text = '';
  let end = 0;
  let verbatim = 0;
  const add = (raw: string): void => {
    if (verbatim > 0) text += raw;
    else if (kind === 'richtext') text += raw.replace(/\s*\r?\n\s*/g, ' ');
    else text += raw.replace(/(\r?\n)+/g, (breaks) => '\n'.repeat(breaks.split('\n').length - 2) || ' ');
  };
  for (const match of source.matchAll(/<<|<(\/?)([A-Za-z][A-Za-z0-9-]{0,59})>/g)) {
    add(source.slice(end, match.index));
    end = match.index + match[0].length;
    const command = match[2]?.toLowerCase();
    const closes = match[1] === '/';
    if (command === undefined) text += '<';
    else if (command === 'lt') text += '<';
    else if (command === 'nl' || (command === 'paragraph' && closes)) text += '\n';
    else if (command === 'nofill' || command === 'verbatim') verbatim += closes ? -1 : 1;
    else if (command === 'param') text += closes ? '] ' : ' [';
  }
  add(source.slice(end));
  return text;
}
