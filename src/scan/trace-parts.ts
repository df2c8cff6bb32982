import type { Registers } from '../core/entry.ts';
import type { Sketches } from '../detect/detector.ts';
import { decodeTrace, encodeTrace } from '../detect/encode-trace.ts';
import { matchTrace } from '../detect/match-trace.ts';
import { traceMessage } from '../detect/message-trace.ts';
import { makeDigest } from '../registers/cell-digest.ts';
import type { KeySet } from '../registers/keys.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Engine } from './engine.ts';

/** Tracing under the current key, and comparing traces with the registers of the moment. */
export function traceParts(
  key: KeySet,
  {
    rules,
    registers,
    sketches,
  }: { readonly rules: CompiledRules; readonly registers: Registers; readonly sketches: Sketches },
): Required<Pick<Engine, 'trace' | 'matchTrace'>> {
  const digest = makeDigest(key.sketches);
  return {
    trace(opened) {
      const trace = traceMessage(opened, { id: key.id, digest }, rules);
      return trace === null ? null : encodeTrace(trace);
    },
    matchTrace(encoded, id) {
      const trace = decodeTrace(encoded);
      const entry = registers.sensitivity.find((one) => one.id === id);
      if (trace === null || entry === undefined) return null;
      return matchTrace(trace, entry, sketches.byEntry.get(id) ?? null, rules);
    },
  };
}
