import type { Registers } from '../core/entry.ts';
import { refuse } from './authorise.ts';
import type { EngineSource } from './engine-source.ts';
import type { Caller } from './ports.ts';
import { recallNotice } from './recall-notice.ts';
import type { RecalledMail, RecallRecord, RetroScan } from './recall-record.ts';
import type { Outcome, Service } from './service.ts';

/** An entry whose data had left, as far as it is known. */
export interface RecallSummary extends RetroScan {
  readonly title: string;
}

/** One entry's mails that left, with what is to be said to those who got them. */
export interface Recall extends RecallSummary {
  readonly mails: readonly (RecalledMail & {
    /** For the sender to send; names no content. */
    readonly notice: { readonly subject: string; readonly text: string };
  })[];
}

const MOST_MAILS = 1000;
const MOST_NOTE = 500;

export interface RecallDeskDeps {
  readonly recalls: RecallRecord;
  readonly engines: Pick<EngineSource, 'current'>;
}

/** What left before it was registered, whom it reached, and who has deleted it. */
export function createRecallDesk({
  recalls,
  engines,
}: RecallDeskDeps): Pick<Service, 'recallSummaries' | 'recall' | 'confirmDeletion'> {
  async function find(id: string): Promise<Outcome<Recall>> {
    const scan = (await recalls.scans()).find(({ entry }) => entry === id);
    if (scan === undefined) {
      const message = `nothing that left was searched for an entry ${id.slice(0, 64)}`;
      return { ok: false, refusal: { kind: 'not-found', message } };
    }
    const { sensitivity } = await registersOf(engines);
    const entry = sensitivity.find((one) => one.id === id);
    const title = entry?.title ?? id;
    const mails = await recalls.list(id, MOST_MAILS);
    return {
      ok: true,
      value: {
        ...scan,
        title,
        mails: mails.map((mail) => ({ ...mail, notice: recallNotice(mail, entry?.owner ?? null) })),
      },
    };
  }
  return {
    async recallSummaries(caller) {
      const refused = refuse(caller, 'see-recalls');
      if (refused !== null) return refused;
      const { sensitivity } = await registersOf(engines);
      const scans = await recalls.scans();
      return {
        ok: true,
        value: scans.map((scan) => ({
          ...scan,
          title: sensitivity.find(({ id }) => id === scan.entry)?.title ?? scan.entry,
        })),
      };
    },
    async recall(entry: string, caller: Caller) {
      return refuse(caller, 'see-recalls') ?? find(entry);
    },
    async confirmDeletion({ entry, message, recipient, note }, caller) {
      const refused = refuse(caller, 'confirm-recalls');
      if (refused !== null) return refused;
      const isThere = await recalls.confirm({ entry, message, recipient, note: note.slice(0, MOST_NOTE) }, caller.id);
      if (isThere) return find(entry);
      return { ok: false, refusal: { kind: 'not-found', message: 'there is no such recipient of such a mail' } };
    },
  };
}

/** While the registers cannot be read, recalls are shown by the ids of their entries. */
async function registersOf(engines: Pick<EngineSource, 'current'>): Promise<Registers> {
  return engines.current().then(
    ({ registers }) => registers,
    () => ({ embargoes: [], sensitivity: [] }),
  );
}
