/** Joins the lines that a client broke for the wire, so that a sentence is one line again. RFC 3676; quoting depths never join. */
export function unflow(text: string, deleteSpace: boolean): string {
  const lines = text.split(/\r\n|\n|\r/);
  const joined: string[] = [];
  let open: { depth: number; line: string } | null = null;
  for (const raw of lines) {
    const depth = /^>*/.exec(raw)?.[0].length ?? 0;
    const content = raw.slice(depth).replace(/^ /, '');
    const soft = content.endsWith(' ') && content !== '-- ';
    const kept = soft && deleteSpace ? content.slice(0, -1) : content;
    if (open !== null && open.depth === depth && content !== '-- ') open.line += kept;
    else {
      if (open !== null) joined.push(open.line);
      open = { depth, line: (depth > 0 ? `${'>'.repeat(depth)} ` : '') + kept };
    }
    if (soft) continue;
    joined.push(open.line);
    open = null;
  }
  if (open !== null) joined.push(open.line);
  return joined.join('\n');
}
