import { describeFault, type Result } from '../../core/result.ts';

/** What one look at the installation came to. */
export interface Diagnosis {
  /** `database`, `next hop`: what was looked at. */
  readonly check: string;
  /** `fault`: mail is not judged, not delivered, not safe or soon will not be. `warning`: works, and should be otherwise. */
  readonly level: 'ok' | 'warning' | 'fault';
  readonly what: string;
  /** What to do; null where all is well. */
  readonly remedy: string | null;
}

export function well(check: string, what: string): Diagnosis {
  return { check, level: 'ok', what, remedy: null };
}

export function warning(check: string, what: string, remedy: string): Diagnosis {
  return { check, level: 'warning', what, remedy };
}

export function fault(check: string, what: string, remedy: string): Diagnosis {
  return { check, level: 'fault', what, remedy };
}

const DO =
  /^(?:add|copy|correct|dump|install|let|make|name|put|remove|restore|run|set|start|stop|try|unset|use|write)\b/;

/** Faults in the product's own form, `what is wrong, what to do` or `what is wrong: what to do`, as diagnoses. */
export function fromLines(check: string, lines: readonly string[]): readonly Diagnosis[] {
  return lines.map((line) => {
    const colon = line.lastIndexOf(': ');
    const comma = line.indexOf(', ', Math.max(0, colon));
    const at = DO.test(line.slice(colon + 2)) ? colon : comma < 0 ? line.lastIndexOf(', ') : comma;
    return at < 0 ? fault(check, line, 'see docs/operating.md') : fault(check, line.slice(0, at), line.slice(at + 2));
  });
}

export function fromFaults(check: string, result: Result<unknown>): readonly Diagnosis[] {
  return result.ok ? [] : fromLines(check, result.error.map(describeFault));
}
