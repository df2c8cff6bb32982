import type { Registers } from '../core/entry.ts';
import { refuse } from './authorise.ts';
import { type CheckDeps, type CheckedEntry, checkEmbargo, checkSensitivity } from './check-entry.ts';
import { type EngineSource, NotReady } from './engine-source.ts';
import type { Caller } from './ports.ts';
import { refusal } from './refusal.ts';
import type { Outcome, Service } from './service.ts';
import type { RegisterRecord } from './stores.ts';

export interface RegisterDeskDeps extends CheckDeps {
  readonly registers: RegisterRecord;
  readonly engines: EngineSource;
  /** Changes wait for a second registrar, so none is made here. */
  readonly fourEyes?: boolean;
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
      return (
        refuseToWrite(caller, deps) ??
        put(await checkEmbargo(id, entry, deps), deps, (document) => deps.registers.putEmbargo(document, caller.id))
      );
    },
    async putSensitivity(id, entry, caller) {
      return (
        refuseToWrite(caller, deps) ??
        put(await checkSensitivity(id, entry, deps), deps, (document) =>
          deps.registers.putSensitivity(document, caller.id),
        )
      );
    },
  };
}

function refuseToWrite(caller: Caller, { fourEyes = false }: RegisterDeskDeps) {
  const refused = refuse(caller, 'edit-registers');
  if (refused !== null || !fourEyes) return refused;
  return refusal('conflict', 'a change of the registers needs a second person here: propose it on the page Registers');
}

async function put<D, E>(
  checked: Outcome<CheckedEntry<D, E>>,
  { engines }: RegisterDeskDeps,
  save: (document: D) => Promise<void>,
): Promise<Outcome<E>> {
  if (!checked.ok) return checked;
  await save(checked.value.document);
  // This process judges by it at once, the others within 5 s.
  await engines.refresh();
  return { ok: true, value: checked.value.entry };
}

async function current({ engines }: Pick<RegisterDeskDeps, 'engines'>): Promise<Outcome<Registers>> {
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
