import type { z } from 'zod';
import type { EmbargoEntry, Instant, SensitivityEntry } from '../core/entry.ts';
import { describeFault, type Fault } from '../core/result.ts';
import { EmbargoDocument } from '../registers/embargo-document.ts';
import type { KeyRing } from '../registers/keys.ts';
import { type EntryReading, type Place, parseEmbargo } from '../registers/parse-embargo.ts';
import type { RegisterDocuments } from '../registers/parse-registers.ts';
import { parseSensitivity } from '../registers/parse-sensitivity.ts';
import type { RegisterContext } from '../registers/register-context.ts';
import { SensitivityDocument } from '../registers/sensitivity-document.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import { explainIssue, withoutEchoes } from '../text/explain-issue.ts';
import type { EngineSource } from './engine-source.ts';
import { keepSealedFigures } from './keep-sealed-figures.ts';
import { namesOfWritten } from './names-of-written.ts';
import { placeIn } from './read-kept-registers.ts';
import { refusal } from './refusal.ts';
import type { Outcome } from './service.ts';
import type { RegisterRecord } from './stores.ts';

export interface CheckDeps {
  readonly registers: Pick<RegisterRecord, 'load'>;
  readonly engines: Pick<EngineSource, 'rules'>;
  readonly keys: KeyRing;
  readonly now: () => Instant;
}

/** An entry as it may be kept, its figures sealed, and what it replaces. */
export interface CheckedEntry<D, E> {
  readonly document: D;
  readonly entry: E;
  /** Null where the register has no such entry yet. */
  readonly base: D | null;
  /** What of it was given anew to be kept sealed, by name, whatever the register has; see `namesOfWritten`. */
  readonly written: readonly string[];
}

interface Kind<S extends z.ZodType<{ readonly id: string }>, E> {
  readonly schema: S;
  readonly parse: (document: z.output<S>, context: RegisterContext, at: Place) => EntryReading<E, z.output<S>>;
  readonly own: (kept: RegisterDocuments) => readonly z.output<S>[];
  readonly others: (kept: RegisterDocuments) => readonly { readonly id: string }[];
  /** Fills in what an editor never gets to see. */
  readonly complete: (document: z.output<S>, before: z.output<S> | undefined) => z.output<S>;
  readonly writtenIn: (document: z.output<S>) => readonly string[];
  readonly faultOf: (document: z.output<S>, kept: RegisterDocuments, at: Place) => Fault | null;
}

const EMBARGO: Kind<typeof EmbargoDocument, EmbargoEntry> = {
  schema: EmbargoDocument,
  parse: parseEmbargo,
  own: (kept) => kept.embargoes,
  others: (kept) => kept.sensitivity,
  complete: (document, before) => keepPasswords(keepSealedFigures(document, before), before),
  writtenIn: namesOfWritten,
  faultOf: () => null,
};

const SENSITIVITY: Kind<typeof SensitivityDocument, SensitivityEntry> = {
  schema: SensitivityDocument,
  parse: parseSensitivity,
  own: (kept) => kept.sensitivity,
  others: (kept) => kept.embargoes,
  complete: keepPasswords,
  writtenIn: ({ passwords }) => namesOfWritten({ passwords }),
  faultOf: ({ embargo }, kept, at) =>
    embargo === undefined || kept.embargoes.some(({ id }) => id === embargo)
      ? null
      : at(['embargo'], 'names a release that the register does not have, add that first or leave this key out'),
};

/** Nobody gets passwords to send back: where the key is absent, those that the register has stay. */
function keepPasswords<D extends { readonly passwords?: unknown }>(document: D, before: D | undefined): D {
  return document.passwords !== undefined || before?.passwords === undefined
    ? document
    : { ...document, passwords: before.passwords };
}

/** Checks an embargo entry as its file would be checked; saves nothing. Faults name their key. */
export const checkEmbargo = (id: string, entry: unknown, deps: CheckDeps) => check(id, entry, deps, EMBARGO);

export const checkSensitivity = (id: string, entry: unknown, deps: CheckDeps) => check(id, entry, deps, SENSITIVITY);

async function check<S extends z.ZodType<{ readonly id: string }>, E>(
  id: string,
  entry: unknown,
  { engines, keys, now, registers }: CheckDeps,
  { schema, parse, own, others, complete, writtenIn, faultOf }: Kind<S, E>,
): Promise<Outcome<CheckedEntry<z.output<S>, E>>> {
  const rules = engines.rules();
  if (rules === null) return refusal('not-ready', 'the rules do not load, so no entry can be checked');
  const at = placeIn('');
  const read = schema.safeParse(entry);
  if (!read.success) {
    const explained = withoutEchoes(read.error.issues.flatMap((issue) => explainIssue(issue, entry, schema)));
    return invalid(explained.map(({ path, message }) => at(path, message)));
  }
  if (read.data.id !== id) return invalid([at(['id'], `is not ${id}, make it the id of the address`)]);
  const kept = (await registers.load()).documents;
  if (others(kept).some((document) => document.id === id)) {
    return invalid([at(['id'], 'stands in the other register, give each entry an id of its own')]);
  }
  const base = own(kept).find((document) => document.id === id);
  const document = complete(read.data, base);
  const fault = faultOf(document, kept, at);
  if (fault !== null) return invalid([fault]);
  const { parsed, faults } = parse(document, { ...referenceRules(rules), key: keys, now: now() }, at);
  if (parsed === null) return invalid(faults);
  const written = writtenIn(read.data);
  return { ok: true, value: { document: parsed.document, entry: parsed.entry, base: base ?? null, written } };
}

function invalid(faults: readonly Fault[]) {
  return refusal('invalid', faults.map((fault) => describeFault(fault)).join('; '));
}
