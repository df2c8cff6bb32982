import { randomUUID } from 'node:crypto';
import { memorySource } from '../core/byte-source.ts';
import type { EmbargoEntry, SensitivityEntry, Unit } from '../core/entry.ts';
import type { Opener } from '../scan/engine.ts';
import { refuse } from './authorise.ts';
import { type CheckDeps, checkEmbargo, checkSensitivity } from './check-entry.ts';
import type { EngineSource } from './engine-source.ts';
import type { Caller } from './ports.ts';
import { refusal } from './refusal.ts';
import type { ChangeRecord, HeldByEntry, KeptChange, NewChange, Settlement } from './register-changes.ts';
import type { Outcome } from './service.ts';
import { createSketchJobs, type SketchJobView, type SketchMaker } from './sketch-jobs.ts';
import type { AccountRecord, RegisterRecord } from './stores.ts';

/** What an entry may name, for forms. */
export interface RegisterWords {
  readonly subjects: readonly {
    readonly id: string;
    readonly title: string;
    readonly measures: readonly { readonly id: string; readonly title: string; readonly units: readonly Unit[] }[];
  }[];
  readonly datasets: readonly string[];
}

export type Saved = { readonly kind: 'saved' } | { readonly kind: 'waiting'; readonly change: string };

export interface NamedChange extends KeptChange {
  readonly proposer: string;
  readonly decider: string | null;
  readonly isOwn: boolean;
}

export interface RegisterKeepingDeps extends CheckDeps {
  readonly registers: RegisterRecord;
  readonly engines: EngineSource;
  readonly changes: ChangeRecord;
  readonly accounts: Pick<AccountRecord, 'namesOf'>;
  readonly open: Opener;
  /** Whether a change waits for a second registrar. */
  readonly fourEyes: boolean;
  /** Absent: no sketch can be made here. */
  readonly makeSketch?: SketchMaker;
}

/** What registrars do beyond reading and writing single entries. */
export interface RegisterKeeping {
  readonly fourEyes: boolean;
  words(caller: Caller): Outcome<RegisterWords>;
  /** Checks an entry as saving it would, and saves nothing. */
  checkEmbargo(id: string, entry: unknown, caller: Caller): Promise<Outcome<EmbargoEntry>>;
  saveEmbargo(id: string, entry: unknown, caller: Caller): Promise<Outcome<Saved>>;
  saveSensitivity(id: string, entry: unknown, caller: Caller, sketch?: Uint8Array): Promise<Outcome<Saved>>;
  checkSensitivity(id: string, entry: unknown, caller: Caller): Promise<Outcome<SensitivityEntry>>;
  changes(caller: Caller): Promise<Outcome<readonly NamedChange[]>>;
  change(id: string, caller: Caller): Promise<Outcome<NamedChange>>;
  settleChange(id: string, isApproved: boolean, note: string, caller: Caller): Promise<Outcome<null>>;
  /** What an entry holds now, without a word of what it says. */
  heldBy(
    entry: string,
    caller: Caller,
  ): Promise<Outcome<{ readonly count: number; readonly items: readonly HeldByEntry[] }>>;
  /** The rows of a spreadsheet's first table, opened in a process of its own. */
  readRows(file: { readonly name: string; readonly content: Uint8Array }, caller: Caller): Promise<Outcome<Rows>>;
  /** Begins to make a sketch of a dataset's file, and saves it with the entry once it is made; answers the job's id. */
  startSketch(
    entry: string,
    file: { readonly name: string; readonly content: Uint8Array },
    caller: Caller,
  ): Promise<Outcome<string>>;
  /** How far a job is; for whoever began it, until the process ends. */
  sketchJob(id: string, caller: Caller): Outcome<SketchJobView>;
}

type Rows = readonly (readonly string[])[];

const CHANGES_SHOWN = 50;
const HELD_SHOWN = 200;
const MAX_LIST_BYTES = 5 * 1024 * 1024;

export function createRegisterKeeping(deps: RegisterKeepingDeps): RegisterKeeping {
  const { changes, engines, registers, fourEyes } = deps;
  const jobs = createSketchJobs();

  const finish = async (save: () => Promise<void>, propose: () => NewChange): Promise<Outcome<Saved>> => {
    if (!fourEyes) {
      await save();
      await engines.refresh();
      return { ok: true, value: { kind: 'saved' } };
    }
    const change = propose();
    if (await changes.propose(change)) return { ok: true, value: { kind: 'waiting', change: change.id } };
    return refusal('conflict', 'another change of this entry waits for a second person: settle that one first');
  };

  const named = async (kept: readonly KeptChange[], caller: Caller): Promise<readonly NamedChange[]> => {
    const ids = kept.flatMap(({ proposedBy, decidedBy }) => [proposedBy, ...(decidedBy === null ? [] : [decidedBy])]);
    const names = await deps.accounts.namesOf(ids);
    return kept.map((change) => ({
      ...change,
      proposer: names.get(change.proposedBy) ?? 'Somebody whose account is gone',
      decider: change.decidedBy === null ? null : (names.get(change.decidedBy) ?? 'Somebody whose account is gone'),
      isOwn: change.proposedBy === caller.id,
    }));
  };

  const desk: RegisterKeeping = {
    fourEyes,
    words(caller) {
      const refused = refuse(caller, 'see-registers');
      if (refused !== null) return refused;
      const rules = engines.rules();
      if (rules === null) return refusal('not-ready', 'the rules do not load, so no entry can be written');
      return {
        ok: true,
        value: {
          subjects: rules.subjects.map(({ id, title, measures }) => ({ id, title, measures })),
          datasets: rules.datasets.map(({ id }) => id),
        },
      };
    },
    async checkEmbargo(id, entry, caller) {
      const checked = refuse(caller, 'edit-registers') ?? (await checkEmbargo(id, entry, deps));
      return checked.ok ? { ok: true, value: checked.value.entry } : checked;
    },
    async checkSensitivity(id, entry, caller) {
      const checked = refuse(caller, 'edit-registers') ?? (await checkSensitivity(id, entry, deps));
      return checked.ok ? { ok: true, value: checked.value.entry } : checked;
    },
    async saveEmbargo(id, entry, caller) {
      const checked = refuse(caller, 'edit-registers') ?? (await checkEmbargo(id, entry, deps));
      if (!checked.ok) return checked;
      const { document, base, written } = checked.value;
      return finish(
        () => registers.putEmbargo(document, caller.id),
        () => ({
          id: randomUUID(),
          entry: id,
          proposedBy: caller.id,
          written,
          content: { register: 'embargo', document, base },
        }),
      );
    },
    async saveSensitivity(id, entry, caller, sketch) {
      const checked = refuse(caller, 'edit-registers') ?? (await checkSensitivity(id, entry, deps));
      if (!checked.ok) return checked;
      const { document, base, written } = checked.value;
      const register = 'sensitivity';
      return finish(
        () => registers.putSensitivity(document, caller.id, sketch),
        () => ({
          id: randomUUID(),
          entry: id,
          proposedBy: caller.id,
          written,
          content: { register, document, base, sketch: sketch ?? null },
        }),
      );
    },
    async changes(caller) {
      const refused = refuse(caller, 'see-registers');
      if (refused !== null) return refused;
      return { ok: true, value: await named(await changes.list(CHANGES_SHOWN), caller) };
    },
    async change(id, caller) {
      const refused = refuse(caller, 'see-registers');
      if (refused !== null) return refused;
      const [change] = await named(
        [await changes.find(id)].filter((one) => one !== null),
        caller,
      );
      return change === undefined ? refusal('not-found', 'there is no such change') : { ok: true, value: change };
    },
    async settleChange(id, isApproved, note, caller) {
      const refused = refuse(caller, 'edit-registers');
      if (refused !== null) return refused;
      const words = note.trim().slice(0, 500);
      const settled = await (isApproved ? changes.approve(id, caller.id, words) : changes.reject(id, caller.id, words));
      if (settled !== 'done') return refusal('conflict', UNSETTLED[settled]);
      if (isApproved) await engines.refresh();
      return { ok: true, value: null };
    },
    async heldBy(entry, caller) {
      return refuse(caller, 'edit-registers') ?? { ok: true, value: await changes.heldBy(entry, HELD_SHOWN) };
    },
    async readRows({ name, content }, caller) {
      const refused = refuse(caller, 'edit-registers');
      if (refused !== null) return refused;
      if (content.length > MAX_LIST_BYTES) return refusal('invalid', 'file: is larger than 5 MB, no list of people is');
      const opened = await deps.open({ kind: 'file', name: name.slice(0, 200), source: memorySource(content) });
      const table = opened.parts.find((part) => part.content.kind === 'table');
      if (table?.content.kind !== 'table') {
        return refusal('invalid', 'file: has no table that can be read, save it as CSV or XLSX without a password');
      }
      return { ok: true, value: table.content.text.split('\n').map((line) => line.split('\t')) };
    },
    async startSketch(entry, file, caller) {
      const refused = refuse(caller, 'edit-registers');
      if (refused !== null) return refused;
      const { makeSketch } = deps;
      if (makeSketch === undefined) return refusal('not-ready', 'no sketch can be made in this process');
      const document = (await registers.load()).documents.sensitivity.find(({ id }) => id === entry);
      if (document === undefined) return refusal('not-found', `there is no entry ${entry.slice(0, 64)}`);
      const save = (bytes: Uint8Array) =>
        desk.saveSensitivity(entry, { ...document, sketch: `${entry}.sketch` }, caller, bytes);
      return { ok: true, value: jobs.start(caller.id, (onRow) => makeSketch(file, onRow), save) };
    },
    sketchJob(id, caller) {
      const refused = refuse(caller, 'edit-registers');
      if (refused !== null) return refused;
      const job = jobs.find(id, caller.id);
      return job === null
        ? refusal('not-found', 'there is no such upload any more, begin again')
        : { ok: true, value: job };
    },
  };
  return desk;
}

const UNSETTLED: Readonly<Record<Exclude<Settlement, 'done'>, string>> = {
  'not-waiting': 'this change was settled already',
  own: 'you proposed this change yourself, or come with a token that no person made: somebody else has to look at it',
  'moved-on': 'the entry was changed since: reject this change, and have it proposed anew',
};
