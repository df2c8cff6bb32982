import type { RtfTarget } from './rtf-words.ts';

/** What a run of RTF text is for; `aside` is text that stands beside the running text, such as a footnote. */
export type RtfFlowKind = 'main' | 'hidden' | 'aside' | 'metadata' | 'fields';

/** Text that belongs together, in the order it was written. */
export interface RtfFlow {
  readonly kind: RtfFlowKind;
  /** Said before the text; empty for none. */
  readonly label: string;
  readonly pieces: string[];
}

/** What is in force within a pair of braces. */
export interface RtfGroup {
  target: RtfTarget;
  flow: RtfFlow;
  hidden: boolean;
  font: number;
  /** Bytes to skip after a `\u`. */
  skip: number;
  /** Inside `\htmlrtf`: what the wrapped page does not have. */
  notHtml: boolean;
  starred: boolean;
}

/**
 * Keeps the flows of a file apart, so that a sentence with a footnote, a comment or a text box in its middle stays one sentence.
 */
export class RtfFlows {
  readonly main: RtfFlow = { kind: 'main', label: '', pieces: [] };
  readonly hidden: RtfFlow = { kind: 'hidden', label: '', pieces: [] };
  private readonly others: RtfFlow[] = [];

  begin(kind: RtfFlowKind, label = ''): RtfFlow {
    const flow: RtfFlow = { kind, label, pieces: [] };
    this.others.push(flow);
    return flow;
  }

  /** A flow of one line. */
  add(kind: RtfFlowKind, label: string, text: string): void {
    this.begin(kind, label).pieces.push(text);
  }

  text(kind: RtfFlowKind): string {
    if (kind === 'main' || kind === 'hidden') return tidy(this[kind].pieces);
    const lines: string[] = [];
    for (const flow of this.others) {
      const text = flow.kind === kind ? tidy(flow.pieces) : '';
      if (text !== '') lines.push(flow.label === '' ? text : `${flow.label}: ${text}`);
    }
    return lines.join('\n');
  }
}

/** Half a surrogate pair is no character. */
function tidy(pieces: readonly string[]): string {
  return pieces
    .join('')
    .replace(/[ \t]*\n{3,}/g, '\n\n')
    .trim()
    .toWellFormed();
}
