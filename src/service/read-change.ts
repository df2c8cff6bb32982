import type { Instant, Registers } from '../core/entry.ts';
import { describeFault, type Result } from '../core/result.ts';
import type { KeyRing } from '../registers/keys.ts';
import { parseRegisters, type RegisterDocuments } from '../registers/parse-registers.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Engine } from '../scan/engine.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import { engineOf } from './decide-held.ts';
import type { EngineSource } from './engine-source.ts';
import { refusal } from './refusal.ts';
import type { Outcome } from './service.ts';
import type { SilentChange } from './silent-trials.ts';

const MOST_TEXT = 200_000;

export interface ChangeInput {
  readonly kind: 'release' | 'dataset' | 'rules';
  /** A register entry, or one file of the rules, as YAML. */
  readonly text: string;
  /** Of a rule file: `subjects/labour-market.yaml`. */
  readonly path: string;
}

export interface ReadChangeDeps {
  readonly engines: EngineSource;
  readonly keys: KeyRing;
  /** The rules in force with one file changed; absent: rules cannot be tried. */
  readonly tryRules?: (path: string, text: string) => Promise<Result<CompiledRules>>;
}

/** A change with what is judged without it and with it. */
export interface Sides {
  readonly target: string;
  /** As it is kept, figures sealed. */
  readonly change: SilentChange;
  readonly before: { readonly rules: CompiledRules; readonly registers: Registers };
  readonly after: { readonly rules: CompiledRules; readonly registers: Registers };
  /** The window that a message is put into: a release whose window is yet to come holds nothing that was sent before. */
  readonly window: { readonly from: Instant; readonly until: Instant } | null;
}

/** Reads a change as it would be read if it were made; nothing is made of it. */
export async function readChange(input: ChangeInput, deps: ReadChangeDeps): Promise<Outcome<Sides>> {
  const engine = await engineOf(deps);
  const rules = deps.engines.rules();
  if (engine === null || rules === null) return refusal('not-ready', 'nothing can be judged now');
  if (input.text.length > MOST_TEXT) return refusal('invalid', `it is longer than ${MOST_TEXT} characters`);
  return sidesOf(input, engine, rules, deps);
}

async function sidesOf(
  { kind, text, path }: ChangeInput,
  engine: Engine,
  rules: CompiledRules,
  deps: ReadChangeDeps,
): Promise<Outcome<Sides>> {
  const before = { rules, registers: engine.registers };
  if (kind === 'rules') {
    if (deps.tryRules === undefined) return refusal('not-ready', 'rules cannot be tried here');
    const changed = await deps.tryRules(path, text);
    if (!changed.ok) return refusal('invalid', changed.error.map(describeFault).slice(0, 5).join('; '));
    const after = { rules: changed.value, registers: engine.registers };
    return { ok: true, value: { target: path, change: { kind, path, text }, before, after, window: null } };
  }
  const folder = kind === 'release' ? 'embargoes' : 'sensitivity';
  const file = { file: 'entry', path: `${folder}/entry.yaml`, text };
  const read = parseRegisters([file], { ...referenceRules(rules), key: deps.keys });
  if (!read.ok) return refusal('invalid', read.error.map(describeFault).slice(0, 5).join('; '));
  const { embargoes, sensitivity } = read.value;
  const [entry] = [...embargoes, ...sensitivity];
  if (entry === undefined) return refusal('invalid', 'it holds no entry');
  const others = <T extends { readonly id: string }>(list: readonly T[]) => list.filter(({ id }) => id !== entry.id);
  const registers = {
    embargoes: [...others(engine.registers.embargoes), ...embargoes],
    sensitivity: [...others(engine.registers.sensitivity), ...sensitivity],
  };
  const [release] = embargoes;
  const window = release === undefined ? null : { from: release.from, until: release.until };
  const change = changeOf(read.value.documents);
  if (change === null) return refusal('invalid', 'it holds no entry');
  return { ok: true, value: { target: entry.id, change, before, after: { rules, registers }, window } };
}

function changeOf({ embargoes: [release], sensitivity: [dataset] }: RegisterDocuments): SilentChange | null {
  if (release !== undefined) return { kind: 'release', document: release };
  return dataset === undefined ? null : { kind: 'dataset', document: dataset };
}
