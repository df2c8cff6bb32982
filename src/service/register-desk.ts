import type { z } from 'zod';

import type { Instant, Registers } from '../core/entry.ts';
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
import { refuse } from './authorise.ts';
import { type EngineSource, NotReady } from './engine-source.ts';
import { keepSealedFigures } from './keep-sealed-figures.ts';
import type { Caller } from './ports.ts';
import { placeIn } from './read-kept-registers.ts';
import type { Outcome, Refusal, Service } from './service.ts';
import type { RegisterRecord } from './stores.ts';

export interface RegisterDeskDeps {
  readonly registers: RegisterRecord;
  readonly engines: EngineSource;
  readonly keys: KeyRing;
  readonly now: () => Instant;
}

/** The registers as people read and change them. */
export function createRegisterDesk(
  deps: RegisterDeskDeps,
): Pick<Service, 'embargo' | 'sensitivity' | 'putEmbargo' | 'putSensitivity' | 'registers'> {
  return {
    async registers(caller) {
      return refuse(caller, 'see-registers') ?? current(deps);
    },
    async embargo(id, caller) {
      return refuse(caller, 'see-registers') ?? one(await current(deps), id, (all) => all.embargoes);
    },
    async sensitivity(id, caller) {
      return refuse(caller, 'see-registers') ?? one(await current(deps), id, (all) => all.sensitivity);
    },
    async putEmbargo(id, entry, caller) {
      return put(id, entry, caller, deps, {
        schema: EmbargoDocument,
        parse: parseEmbargo,
        complete: (document, kept) =>
          keepSealedFigures(
            document,
            kept.embargoes.find((one) => one.id === id),
          ),
        save: (document) => deps.registers.putEmbargo(document, caller.id),
      });
    },
    async putSensitivity(id, entry, caller) {
      return put(id, entry, caller, deps, {
        schema: SensitivityDocument,
        parse: parseSensitivity,
        complete: (document) => document,
        save: (document) => deps.registers.putSensitivity(document, caller.id),
      });
    },
  };
}

interface Kind<S extends z.ZodType<{ readonly id: string }>, E> {
  readonly schema: S;
  readonly parse: (document: z.output<S>, context: RegisterContext, at: Place) => EntryReading<E, z.output<S>>;
  /** Fills in what an editor never gets to see. */
  readonly complete: (document: z.output<S>, kept: RegisterDocuments) => z.output<S>;
  readonly save: (document: z.output<S>) => Promise<void>;
}

async function put<S extends z.ZodType<{ readonly id: string }>, E>(
  id: string,
  entry: unknown,
  caller: Caller,
  { engines, keys, now, registers }: RegisterDeskDeps,
  { schema, parse, complete, save }: Kind<S, E>,
): Promise<Outcome<E>> {
  const refused = refuse(caller, 'edit-registers');
  if (refused !== null) return refused;
  const rules = engines.rules();
  if (rules === null) return refusal('not-ready', 'the rules do not load, so no entry can be checked');
  const at = placeIn('');
  const read = schema.safeParse(entry);
  if (!read.success) {
    const explained = withoutEchoes(read.error.issues.flatMap((issue) => explainIssue(issue, entry, schema)));
    return invalid(explained.map(({ path, message }) => at(path, message)));
  }
  if (read.data.id !== id) return invalid([at(['id'], `is not ${id}, make it the id of the address`)]);
  const other = schema === (EmbargoDocument as z.ZodType) ? 'sensitivity' : 'embargoes';
  const kept = (await registers.load()).documents;
  if (kept[other].some((document) => document.id === id)) {
    return invalid([at(['id'], 'stands in the other register, give each entry an id of its own')]);
  }
  const document = complete(read.data, kept);
  const release = 'embargo' in document && typeof document.embargo === 'string' ? document.embargo : null;
  if (release !== null && !kept.embargoes.some((one) => one.id === release)) {
    const message = 'names a release that the register does not have, add that first or leave this key out';
    return invalid([at(['embargo'], message)]);
  }
  const { parsed, faults } = parse(document, { ...referenceRules(rules), key: keys, now: now() }, at);
  if (parsed === null) return invalid(faults);
  await save(parsed.document);
  // This process judges by it at once, the others within 5 s.
  await engines.refresh();
  return { ok: true, value: parsed.entry };
}

async function current({ engines }: RegisterDeskDeps): Promise<Outcome<Registers>> {
  try {
    return { ok: true, value: (await engines.current()).registers };
  } catch (error) {
    if (error instanceof NotReady) return refusal('not-ready', error.problems.join('; '));
    throw error;
  }
}

function one<E extends { readonly id: string }>(
  registers: Outcome<Registers>,
  id: string,
  pick: (all: Registers) => readonly E[],
): Outcome<E> {
  if (!registers.ok) return registers;
  const found = pick(registers.value).find((entry) => entry.id === id);
  return found === undefined
    ? refusal('not-found', `there is no entry ${id.slice(0, 64)}`)
    : { ok: true, value: found };
}

function invalid(faults: readonly Fault[]) {
  return refusal('invalid', faults.map((fault) => describeFault(fault)).join('; '));
}

function refusal(kind: Refusal['kind'], message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { kind, message } };
}
