import type { Sketches } from '../detect/detector.ts';
import { type DigestOf, makeDigest } from '../registers/cell-digest.ts';
import type { KeyRing } from '../registers/keys.ts';
import { parseSketch, type Sketch } from '../registers/sketch.ts';

/** The sketches that can be used, and for each entry whose sketch cannot what is wrong with it, in words. */
export interface OpenedSketches {
  readonly sketches: Sketches;
  readonly faults: ReadonlyMap<string, string>;
}

/** Reads sketches of register entries under the keys that are there; one of a lost key recognises nothing and is a fault. */
export function openSketches(bytes: ReadonlyMap<string, Uint8Array>, keys: KeyRing): OpenedSketches {
  const byEntry = new Map<string, Sketch>();
  const faults = new Map<string, string>();
  for (const [entry, content] of bytes) {
    const parsed = parseSketch(content);
    if (!parsed.ok) faults.set(entry, parsed.error);
    else if (!keys.sketchKeys.has(parsed.value.header.key)) {
      const { key } = parsed.value.header;
      faults.set(
        entry,
        `was made with the key "${key}", which is not here: make it anew with \`holdfast fingerprint\``,
      );
    } else byEntry.set(entry, parsed.value);
  }
  const digests = new Map<string, DigestOf>();
  const digestOf = (id: string): DigestOf | undefined => {
    const known = digests.get(id);
    if (known !== undefined) return known;
    const key = keys.sketchKeys.get(id);
    if (key === undefined) return undefined;
    const made = makeDigest(key);
    digests.set(id, made);
    return made;
  };
  return { sketches: { byEntry, digestOf }, faults };
}
