import type { Registers } from '../core/entry.ts';
import type { Fault, Result } from '../core/result.ts';
import { type Place, parseEmbargo } from '../registers/parse-embargo.ts';
import type { RegisterDocuments } from '../registers/parse-registers.ts';
import { parseSensitivity } from '../registers/parse-sensitivity.ts';
import type { RegisterContext } from '../registers/register-context.ts';
import { dotted } from '../text/read-yaml.ts';

/** The store's documents as they are judged by; a store without any entry is a fault, since nothing would be held. */
export function readKeptRegisters(
  documents: RegisterDocuments,
  context: RegisterContext,
): Result<Registers & { readonly passwords: readonly string[] }> {
  const embargoes = documents.embargoes.map((one) => parseEmbargo(one, context, placeIn(`embargoes/${one.id}`)));
  const sensitivity = documents.sensitivity.map((one) =>
    parseSensitivity(one, context, placeIn(`sensitivity/${one.id}`)),
  );
  const faults = [...embargoes, ...sensitivity].flatMap((reading) => reading.faults);
  if (embargoes.length + sensitivity.length === 0) {
    faults.push(placeIn('registers')([], 'the store holds no entry, load some with `holdfast registers import DIR`'));
  }
  if (faults.length > 0) return { ok: false, error: faults };
  return {
    ok: true,
    value: {
      embargoes: embargoes.flatMap(({ parsed }) => (parsed === null ? [] : [parsed.entry])),
      sensitivity: sensitivity.flatMap(({ parsed }) => (parsed === null ? [] : [parsed.entry])),
      passwords: [...embargoes, ...sensitivity].flatMap(({ parsed }) => parsed?.passwords ?? []),
    },
  };
}

/** Faults of a document that stands in the store, named as `embargoes/ID`. */
export function placeIn(file: string): Place {
  return (path, message): Fault => ({ file, line: null, column: null, key: dotted(path), message });
}
