import type { Registers } from '../core/entry.ts';
import { describeFault, type Result } from '../core/result.ts';
import type { KeyRing } from '../registers/keys.ts';
import { parseEmbargo } from '../registers/parse-embargo.ts';
import { parseSensitivity } from '../registers/parse-sensitivity.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import type { EngineParts } from '../scan/scan-message.ts';
import type { Log } from './log.ts';
import { createRuleCache, type SilentSide } from './observe-silently.ts';
import { placeIn } from './read-kept-registers.ts';
import type { SilentChange, SilentTrial, SilentTrialRecord } from './silent-trials.ts';

export interface SilentSidesDeps {
  readonly trials: Pick<SilentTrialRecord, 'running'>;
  /** The rules in force with one file of them changed. */
  readonly tryRules: (path: string, text: string) => Promise<Result<CompiledRules>>;
  readonly key: KeyRing;
  readonly log: Log;
}

/** Reads what runs silent, as engines would judge by it; whatever cannot be read is logged and left out, for nothing is decided by it. */
export function createSilentSides(
  deps: SilentSidesDeps,
): (parts: Omit<EngineParts, 'open'>) => Promise<readonly SilentSide[]> {
  const { log } = deps;
  const compiled = createRuleCache(async (path, text) => {
    const changed = await deps.tryRules(path, text);
    if (changed.ok) return changed.value;
    log.warn({ path, faults: changed.error.map(describeFault).slice(0, 5) }, 'rules that run silent do not load');
    return null;
  });
  return async (parts) => {
    const sides: SilentSide[] = [];
    try {
      for (const { id, endsAt, change } of await deps.trials.running()) {
        const changed = await changedParts(id, change, parts);
        if (changed !== null) sides.push({ trial: id, endsAt, parts: changed });
      }
    } catch (err) {
      log.warn({ err }, 'what runs silent cannot be read');
    }
    return sides;
  };

  async function changedParts(id: SilentTrial['id'], change: SilentChange, parts: Omit<EngineParts, 'open'>) {
    if (change.kind === 'rules') {
      const rules = await compiled(id, change.path, change.text, parts.rules);
      return rules === null ? null : { ...parts, rules };
    }
    const registers = withEntry(change, parts, deps.key);
    if (registers === null) log.warn({ trial: id }, 'an entry that runs silent cannot be read');
    return registers === null ? null : { ...parts, registers };
  }
}

function withEntry(
  change: Exclude<SilentChange, { readonly kind: 'rules' }>,
  { rules, registers }: Pick<EngineParts, 'rules' | 'registers'>,
  key: KeyRing,
): Registers | null {
  const context = { ...referenceRules(rules), key };
  const { id } = change.document;
  const others = {
    embargoes: registers.embargoes.filter((one) => one.id !== id),
    sensitivity: registers.sensitivity.filter((one) => one.id !== id),
  };
  if (change.kind === 'release') {
    const { parsed } = parseEmbargo(change.document, context, placeIn(`embargoes/${id}`));
    return parsed === null ? null : { ...others, embargoes: [...others.embargoes, parsed.entry] };
  }
  const { parsed } = parseSensitivity(change.document, context, placeIn(`sensitivity/${id}`));
  return parsed === null ? null : { ...others, sensitivity: [...others.sensitivity, parsed.entry] };
}
